from .making import Made, Wanted, make_roll

__all__ = ["Made", "Wanted", "make_roll"]
