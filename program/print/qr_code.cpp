// SPDX-License-Identifier: AGPL-3.0-or-later
#include "program/print/qr_code.h"

#include <qrencode.h>

#include <memory>

namespace resguardo::program {

Result<std::string> qr_code_svg(std::string_view text) {
  struct Free {
    void operator()(QRcode* code) const { QRcode_free(code); }
  };
  const std::unique_ptr<QRcode, Free> code(
      QRcode_encodeData(static_cast<int>(text.size()),
                        reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M));
  if (!code) return Error{Fault::kRefused, "too much for one QR code"};
  constexpr int kQuiet = 4;  // modules around it, as the standard asks
  const int side = code->width + 2 * kQuiet;
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " +
                    std::to_string(side) + " " + std::to_string(side) +
                    "\" shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"QR code\">"
                    "<path d=\"M0 0h" +
                    std::to_string(side) + "v" + std::to_string(side) + "H0z\" fill=\"#fff\"/>" +
                    "<path fill=\"#000\" d=\"";
  for (int y = 0; y < code->width; ++y)
    for (int x = 0; x < code->width; ++x)
      if ((code->data[y * code->width + x] & 1U) != 0)
        svg += "M" + std::to_string(x + kQuiet) + " " + std::to_string(y + kQuiet) + "h1v1h-1z";
  return svg + "\"/></svg>";
}

}  // namespace resguardo::program
