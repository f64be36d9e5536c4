"""Wilson's interval as the books write it, apart from the code under test."""

from math import sqrt

Z_95 = 1.959963984540054


def wilson_by_hand(share: float, size: float) -> tuple[float, float]:
    """The 95% bounds of a share of `size` people, which need not be a whole number."""
    center = (share + Z_95**2 / (2 * size)) / (1 + Z_95**2 / size)
    half_width = Z_95 * sqrt(share * (1 - share) / size + Z_95**2 / (4 * size**2)) / (1 + Z_95**2 / size)
    return center - half_width, center + half_width
