"""Three people and what they open: the answers they give, who applies, what must come of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    username: str
    theme: str
    answers: dict
    who: str  # the name of an enterprise to be founded, or "" for the one the person has
    where: dict
    items: frozenset
    waiting: frozenset = frozenset()  # items behind a barrier when the application is split
    uscc: str = ""  # given by 设立登记

    def face_of(self, item):
        """What the officer writes on this item's licence beyond number and dates."""
        return {"uscc": self.uscc, "name": self.who} if item == "business-registration" else {}


RESTAURANT = Story(
    username="haiyan@example.com",
    theme="开餐饮店",
    answers={
        "has_licence": "have",
        "entity_type": "company",
        "staff_count": "6",
        "area": "180",
        "online_sale": "no",
        "outdoor_sign": ["own_sign"],
        "sign_area": "12",
        "prepaid_card": "no",
    },
    who="",
    where={"name": "体育路店", "division": "江城区", "address": "江城区体育路9号首层"},
    items=frozenset({"food-operation", "outdoor-ad", "drainage"}),
)
STORE = Story(
    username="founder@example.com",
    theme="开便利店",
    answers={
        "has_licence": "none",
        "entity_type": "individual",
        "opening_services": ["bank"],
        "staff_count": "0",
        "area": "60",
        "goods_kinds": ["general", "tobacco", "fireworks"],
        "online_sale": "no",
        "school_distance": "300",
        "outdoor_sign": [],
        "wastewater": "none",
        "prepaid_card": "no",
    },
    who="林新开便利店",
    where={"name": "东山路店", "division": "江城区", "address": "江城区东山路21号"},
    items=frozenset(
        {"business-registration", "bank-account", "prepackaged-food", "tobacco-retail", "fireworks-retail"}
    ),
    # Neither the bank nor the emergency office may start before the business licence is there.
    waiting=frozenset({"bank-account", "fireworks-retail"}),
    uscc="924417040000EX0K0P",
)
HOTEL = Story(
    username="wanghai@example.com",
    theme="开酒店、宾馆",
    answers={
        "has_licence": "have",
        "entity_type": "company",
        "staff_count": "40",
        "area": "5200",
        "room_count": "86",
        "lodging_extras": ["restaurant", "pool"],
        "outdoor_sign": ["own_sign"],
        "sign_area": "15",
        "prepaid_card": "no",
    },
    who="",
    where={"name": "海滨店", "division": "江城区", "address": "江城区海滨大道1号"},
    items=frozenset(
        {
            "food-operation",
            "public-place-hygiene",
            "fire-safety-check",
            "hotel-special-trade",
            "high-risk-sports",
            "outdoor-ad",
            "drainage",
        }
    ),
)
# One item, which may be filed by promise, at an office with an officer and a head.
PHARMACY = Story(
    username="wanghai@example.com",
    theme="开药店",
    answers={
        "has_licence": "have",
        "entity_type": "company",
        "staff_count": "4",
        "area": "80",
        "online_sale": "no",
        "outdoor_sign": [],
        "wastewater": "none",
        "prepaid_card": "no",
        "sectors": ["goods"],
        "goods_kinds": ["drugs"],
        "drug_level": "otc_b",
    },
    who="",
    where={"name": "南恩路店", "division": "江城区", "address": "江城区南恩路18号首层"},
    items=frozenset({"drug-retail"}),
)
STORIES = {"restaurant": RESTAURANT, "store": STORE, "hotel": HOTEL}
