# SPDX-License-Identifier: AGPL-3.0-or-later
"""RFC 9496 in integers, as far as making vectors needs it: the base's multiples, encoded. Slow, and
not for secrets. Checked against the RFC's own vectors when it is imported."""

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
BASE_Y = 4 * pow(5, -1, P) % P


def negative(x):
    return x % P & 1


def absolute(x):
    x %= P
    return P - x if x & 1 else x


def sqrt_ratio(u, v):
    """§4.2: the square root of u/v that is not negative, or of i·u/v."""
    r = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    check = v * r * r % P
    if check in (-u % P, -u * SQRT_M1 % P):
        r = r * SQRT_M1 % P
    return check in (u % P, -u % P), absolute(r)


INVSQRT_A_MINUS_D = sqrt_ratio(1, -1 - D)[1]
_square, BASE_X = sqrt_ratio(BASE_Y * BASE_Y - 1, D * BASE_Y * BASE_Y + 1)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def add(a, b):
    """Extended coordinates of edwards25519 (RFC 8032, §5.1.4)."""
    A = (a[1] - a[0]) * (b[1] - b[0]) % P
    B = (a[1] + a[0]) * (b[1] + b[0]) % P
    C = 2 * a[3] * b[3] * D % P
    Z = 2 * a[2] * b[2] % P
    E, F, G, H = B - A, Z - C, Z + C, B + A
    return (E * F % P, G * H % P, F * G % P, E * H % P)


def times(n, point=BASE):
    result = (0, 1, 1, 0)
    while n:
        if n & 1:
            result = add(result, point)
        point = add(point, point)
        n >>= 1
    return result


def encode(point):
    """§4.3.2."""
    x0, y0, z0, t0 = point
    u1 = (z0 + y0) * (z0 - y0) % P
    u2 = x0 * y0 % P
    inverse = sqrt_ratio(1, u1 * u2 * u2)[1]
    den1, den2 = inverse * u1 % P, inverse * u2 % P
    z_inverse = den1 * den2 * t0 % P
    rotate = negative(t0 * z_inverse)
    x = y0 * SQRT_M1 % P if rotate else x0
    y = x0 * SQRT_M1 % P if rotate else y0
    den = den1 * INVSQRT_A_MINUS_D % P if rotate else den2
    if negative(x * z_inverse):
        y = -y % P
    return absolute(den * (z0 - y)).to_bytes(32, "little")


# RFC 9496, A.1.
assert encode(times(0)) == bytes(32)
assert encode(times(1)).hex() == "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"
assert encode(times(2)).hex() == "6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919"
assert encode(times(L)) == bytes(32)
