// SPDX-License-Identifier: AGPL-3.0-or-later
// Which address is counted, and who is believed about it.
#include "bot/http/detail/addresses.h"

#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>

namespace resguardo::http {
namespace {

Address address(const char* text) {
  return boost::asio::ip::make_address(text);
}

TrustedProxies proxies(const std::vector<std::string>& entries) {
  auto parsed = TrustedProxies::parse(entries);
  EXPECT_TRUE(parsed.ok());
  return std::move(parsed).value();
}

std::optional<Address> asked(const std::vector<std::string>& lines,
                             ForwardedBy by = ForwardedBy::kXForwardedFor) {
  std::vector<Header> headers;
  for (const std::string& line : lines)
    headers.push_back({by == ForwardedBy::kForwarded ? "forwarded" : "x-forwarded-for", line});
  return proxies({"10.0.0.0/8", "2001:db8::/32"}).asked_for(headers, by);
}

TEST(PeerNamesTest, OfIpv6OnlyTheFirst64BitsCount) {
  const auto names = PeerNames::create();
  ASSERT_TRUE(names.ok());
  EXPECT_EQ(names->of(address("2001:db8:1:2::1")), names->of(address("2001:db8:1:2:ffff::")));
  EXPECT_NE(names->of(address("2001:db8:1:2::1")), names->of(address("2001:db8:1:3::1")));
  EXPECT_NE(names->of(address("192.0.2.1")), names->of(address("192.0.2.2")));
}

TEST(PeerNamesTest, AnotherStartNamesThemOtherwise) {
  const auto one = PeerNames::create();
  const auto two = PeerNames::create();
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_NE(one->of(address("192.0.2.1")), two->of(address("192.0.2.1")));
}

TEST(AddressOfTest, AnIpv4AddressInIpv6ClothesIsWhatItIs) {
  const boost::asio::ip::tcp::endpoint mapped(address("::ffff:192.0.2.1"), 1);
  EXPECT_EQ(address_of(mapped), address("192.0.2.1"));
}

TEST(TrustedProxiesTest, AddressesRangesAndSockets) {
  const auto some = proxies({"192.0.2.7", "198.51.100.0/24", "2001:db8::/48"});
  for (const char* one : {"192.0.2.7", "198.51.100.255", "2001:db8:0:ffff::1"})
    EXPECT_TRUE(some.trusts(address(one))) << one;
  for (const char* one : {"192.0.2.8", "198.51.101.0", "2001:db8:1::1", "::1"})
    EXPECT_FALSE(some.trusts(address(one))) << one;
  EXPECT_FALSE(some.trusts(std::nullopt));
  EXPECT_TRUE(proxies({"unix"}).trusts(std::nullopt));
}

TEST(TrustedProxiesTest, WhatIsNoAddressIsRefused) {
  for (const char* one :
       {"", "proxy", "192.0.2.7:80", "192.0.2.0/33", "2001:db8::/129", "[::1]", "192.0.2", "*",
        "0.0.0.0/x", "0.0.0.0/0", "::/0", "::ffff:192.0.2.7", "::ffff:192.0.2.0/120"})
    EXPECT_FALSE(TrustedProxies::parse({one}).ok()) << one;
}

TEST(AskedForTest, TheLastThatIsNoProxyOfOursIsBelieved) {
  EXPECT_EQ(asked({"203.0.113.5"}), address("203.0.113.5"));
  EXPECT_EQ(asked({"1.2.3.4, 203.0.113.5"}), address("203.0.113.5")) << "the first was said by it";
  EXPECT_EQ(asked({"203.0.113.5, 10.1.2.3"}), address("203.0.113.5")) << "two proxies of ours";
  EXPECT_EQ(asked({"1.2.3.4", "203.0.113.5"}), address("203.0.113.5")) << "two lines are one list";
  EXPECT_EQ(asked({"203.0.113.5:4711"}), address("203.0.113.5"));
  EXPECT_EQ(asked({"[2600::1]:4711"}), address("2600::1"));
  EXPECT_EQ(asked({"2600::1"}), address("2600::1"));
  for (const char* nobody : {"", "unknown", "203.0.113.5,", "10.0.0.1", "1.2.3.4, _hidden", "[",
                             "[]", "1.2.3.4, 999.1.1.1"})
    EXPECT_EQ(asked({nobody}), std::nullopt) << nobody;
  EXPECT_EQ(asked({}), std::nullopt);
}

TEST(AskedForTest, TheStandardsHeaderOnlyWhereItWasAskedFor) {
  constexpr auto kBy = ForwardedBy::kForwarded;
  EXPECT_EQ(asked({"for=203.0.113.5"}, kBy), address("203.0.113.5"));
  EXPECT_EQ(asked({"for=1.2.3.4, by=10.0.0.1; For=\"[2600::1]:80\";proto=https"}, kBy),
            address("2600::1"));
  for (const char* nobody : {"for=unknown", "for=\"_x\"", "by=203.0.113.5", "for", "for=\""})
    EXPECT_EQ(asked({nobody}, kBy), std::nullopt) << nobody;
  const auto some = proxies({"10.0.0.0/8"});
  EXPECT_EQ(some.asked_for({{"forwarded", "for=203.0.113.5"}}, ForwardedBy::kXForwardedFor),
            std::nullopt);
  EXPECT_EQ(some.asked_for({{"x-forwarded-for", "203.0.113.5"}}, kBy), std::nullopt);
}

}  // namespace
}  // namespace resguardo::http
