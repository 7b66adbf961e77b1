"""Quantities and prices as people read them."""


def amount(quantity: float, unit: str) -> str:
    """Write a quantity with its unit: with three decimals where it is small and not whole."""
    number = f"{quantity:,.0f}" if quantity >= 100 or quantity == int(quantity) else f"{quantity:,.3f}"
    return f"{number} {unit.removesuffix('s') if quantity == 1 else unit}"


def decimal(usd: float) -> str:
    """Write a price without an exponent: two digits behind the point, or as many as it has, ten at most."""
    whole, _, rest = f"{usd:.10f}".rstrip("0").partition(".")
    return f"{whole}.{rest:0<2}"
