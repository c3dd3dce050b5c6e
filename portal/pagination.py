"""How the API deals lists out."""

from rest_framework.pagination import LimitOffsetPagination


class Pagination(LimitOffsetPagination):
    # A larger limit is taken for this one; PostgreSQL would refuse a number of twenty digits.
    max_limit = 200
