"""Hand-written cases: what the answers say beside NEUTRAL, and exactly which rules and notices must hold then.

`fires`: rule codes (the item's code and the rule's place among that item's rules); `items` follow from reading the law,
not from the rules. Together the cases make every rule and every notice hold at least once.
"""


def case(name, answers, items, fires, notices=(), blocks=()):
    return {
        "name": name,
        "answers": answers,
        "items": sorted(items.split()),
        "fires": sorted(fires.split()),
        "notices": sorted(notices.split() if notices else ()),
        "blocks": sorted(blocks.split() if blocks else ()),
    }


CASES = [
    case("an office with a licence needs nothing", {}, "", ""),
    case(
        "a founder without staff takes all opening services",
        {"has_licence": "none", "opening_services": ["seal", "bank", "tax", "social", "fund"]},
        "business-registration seal-engraving bank-account tax-invoice social-insurance housing-fund",
        "business-registration-1 seal-engraving-1 bank-account-1 tax-invoice-1 social-insurance-1 housing-fund-1",
    ),
    case(
        "a founding company with staff owes insurance and the housing fund",
        {"has_licence": "none", "staff_count": 3},
        "business-registration social-insurance housing-fund",
        "business-registration-1 social-insurance-2 housing-fund-2",
    ),
    case(
        "a founding individual with staff owes insurance only",
        {"has_licence": "none", "staff_count": 3, "entity_type": "individual"},
        "business-registration social-insurance",
        "business-registration-1 social-insurance-2",
    ),
    case(
        "an existing company opens a small restaurant into the sewer with a big sign",
        {
            "store_form": "eatery",
            "sectors": ["food"],
            "food_kinds": ["hot", "cold"],
            "dine_in": True,
            "wastewater": "sewer",
            "outdoor_sign": ["own_sign"],
            "sign_area": 12,
        },
        "food-operation drainage outdoor-ad",
        "food-operation-1 drainage-1 outdoor-ad-2",
    ),
    case(
        "a large restaurant that sells online and stored-value cards",
        {
            "store_form": "eatery",
            "area": 500,
            "sectors": ["food"],
            "food_kinds": ["hot"],
            "dine_in": True,
            "online_sale": True,
            "prepaid_card": True,
        },
        "food-operation fire-safety-check",
        "food-operation-1 fire-safety-check-6",
        notices="food-online prepaid-card",
    ),
    case(
        "a kitchen in a residential building",
        {"premises_type": "residential", "store_form": "eatery", "sectors": ["food"], "food_kinds": ["bakery"]},
        "food-operation",
        "food-operation-1",
        notices="home-food",
    ),
    case(
        "freshly made food without any premises is impossible",
        {"premises_type": "online_only", "sectors": ["food"], "food_kinds": ["drinks"], "online_sale": True},
        "food-operation",
        "food-operation-1",
        notices="food-online",
        blocks="online-food-place",
    ),
    case(
        "loose food needs the permit",
        {"store_form": "shop", "sectors": ["food"], "food_kinds": ["bulk"]},
        "food-operation",
        "food-operation-2",
    ),
    case(
        "packaged food alone is a filing",
        {"store_form": "shop", "sectors": ["food"], "food_kinds": ["prepackaged"]},
        "prepackaged-food",
        "prepackaged-food-1",
    ),
    case(
        "packaged food beside hot food needs only the permit",
        {"store_form": "shop", "sectors": ["food"], "food_kinds": ["prepackaged", "hot"]},
        "food-operation",
        "food-operation-1",
    ),
    case(
        "a food workshop",
        {"premises_type": "rural", "store_form": "workshop", "sectors": ["food"], "food_kinds": ["workshop"]},
        "food-workshop",
        "food-workshop-1",
    ),
    case(
        "an office of fifty with a canteen",
        {"staff_count": 50, "canteen": True},
        "food-operation",
        "food-operation-4",
    ),
    case(
        "a supermarket of 300 m² with tobacco near a school and a banner",
        {
            "store_form": "shop",
            "area": 300,
            "sectors": ["goods"],
            "goods_kinds": ["general", "tobacco", "ecig"],
            "school_distance": 49,
            "outdoor_sign": ["banner"],
        },
        "tobacco-retail public-place-hygiene fire-safety-check outdoor-ad",
        "tobacco-retail-1 public-place-hygiene-7 fire-safety-check-5 outdoor-ad-1",
        notices="tobacco-school ecig-layout",
    ),
    case(
        "a market's founder",
        {"store_form": "market", "premises_type": "industrial"},
        "fire-safety-check",
        "fire-safety-check-7",
    ),
    case(
        "a pharmacy that sells devices online",
        {
            "store_form": "shop",
            "sectors": ["goods"],
            "goods_kinds": ["drugs", "devices"],
            "drug_level": "rx",
            "device_classes": ["class1", "class2", "class3"],
            "online_sale": True,
        },
        "drug-retail device-class2 device-class3",
        "drug-retail-1 device-class2-1 device-class3-1",
        notices="device-online drug-online device-special-drug",
    ),
    case(
        "a bookshop",
        {"store_form": "shop", "sectors": ["goods"], "goods_kinds": ["books"], "book_mode": "retail"},
        "publication-retail",
        "publication-retail-1",
    ),
    case(
        "a book rental",
        {"store_form": "shop", "sectors": ["goods"], "goods_kinds": ["books"], "book_mode": "rent"},
        "",
        "",
        notices="book-rent",
    ),
    case(
        "fireworks and solvents too near a school",
        {"store_form": "shop", "sectors": ["goods"], "goods_kinds": ["fireworks", "hazchem"], "school_distance": 99},
        "fireworks-retail hazchem",
        "fireworks-retail-1 hazchem-1",
        notices="hazchem-first",
        blocks="fireworks-distance",
    ),
    case(
        "a filling station with gas",
        {
            "premises_type": "industrial",
            "store_form": "service",
            "sectors": ["auto"],
            "auto_kinds": ["fuel"],
            "fuel_kinds": ["gasoline", "diesel", "gas"],
        },
        "hazchem refined-oil",
        "hazchem-2 refined-oil-1",
        notices="hazchem-first gas-station",
    ),
    case(
        "a hotel with restaurant, pool and spa",
        {
            "store_form": "service",
            "area": 3000,
            "sectors": ["lodging"],
            "lodging_type": "hotel",
            "room_count": 60,
            "lodging_extras": ["restaurant", "pool", "spa"],
            "wastewater": "sewer",
            "outdoor_sign": ["ad_board"],
            "sign_area": 10,
        },
        "hotel-special-trade public-place-hygiene fire-safety-check food-operation high-risk-sports drainage "
        "outdoor-ad",
        "hotel-special-trade-1 public-place-hygiene-1 public-place-hygiene-4 fire-safety-check-1 fire-safety-check-3 "
        "food-operation-3 high-risk-sports-1 drainage-1 outdoor-ad-2",
    ),
    case(
        "a hotel with a singing room near a school",
        {
            "store_form": "service",
            "sectors": ["lodging"],
            "lodging_type": "hotel",
            "room_count": 20,
            "lodging_extras": ["ktv"],
            "school_distance": 100,
        },
        "hotel-special-trade public-place-hygiene fire-safety-check entertainment-venue entertainment-security",
        "hotel-special-trade-1 public-place-hygiene-1 public-place-hygiene-5 fire-safety-check-1 fire-safety-check-2 "
        "entertainment-venue-1 entertainment-security-1",
        notices="ktv-school",
    ),
    case(
        "a small homestay is spared the fire check",
        {
            "premises_type": "rural",
            "store_form": "service",
            "area": 300,
            "sectors": ["lodging"],
            "lodging_type": "homestay",
            "room_count": 8,
            "floors": 3,
        },
        "hotel-special-trade public-place-hygiene",
        "hotel-special-trade-1 public-place-hygiene-1",
        notices="homestay-register",
    ),
    case(
        "a long-term rental is no hotel",
        {"store_form": "service", "sectors": ["lodging"], "lodging_type": "long_rent"},
        "",
        "",
        notices="long-rent",
    ),
    case(
        "a hairdresser who does nails and sells cards",
        {"store_form": "service", "sectors": ["care"], "care_kinds": ["hair", "nail"], "prepaid_card": True},
        "public-place-hygiene",
        "public-place-hygiene-2",
        notices="nail-only prepaid-card",
    ),
    case(
        "an individual's nail bar with cards needs nothing and files nothing",
        {
            "entity_type": "individual",
            "store_form": "service",
            "sectors": ["care"],
            "care_kinds": ["nail"],
            "prepaid_card": True,
        },
        "",
        "",
        notices="nail-only",
    ),
    case(
        "a foot bath",
        {"store_form": "service", "sectors": ["care"], "care_kinds": ["foot"]},
        "public-place-hygiene fire-safety-check",
        "public-place-hygiene-3 fire-safety-check-3",
    ),
    case(
        "a swimming pool with climbing",
        {"store_form": "service", "sectors": ["sports"], "sport_kinds": ["pool", "climb"]},
        "public-place-hygiene high-risk-sports fire-safety-check",
        "public-place-hygiene-4 high-risk-sports-1 high-risk-sports-2 fire-safety-check-4",
    ),
    case(
        "diving outdoors",
        {"store_form": "service", "sectors": ["sports"], "sport_kinds": ["dive"]},
        "high-risk-sports",
        "high-risk-sports-2",
    ),
    case(
        "a singing hall in a residential building",
        {"premises_type": "residential", "store_form": "service", "sectors": ["culture"], "culture_kinds": ["ktv"]},
        "entertainment-venue entertainment-security public-place-hygiene fire-safety-check",
        "entertainment-venue-1 entertainment-security-1 public-place-hygiene-5 fire-safety-check-2",
        blocks="ktv-home",
    ),
    case(
        "an individual's internet café in a residential building beside a school",
        {
            "entity_type": "individual",
            "premises_type": "residential",
            "store_form": "service",
            "sectors": ["culture"],
            "culture_kinds": ["netcafe"],
            "school_distance": 199,
        },
        "internet-cafe internet-cafe-security fire-safety-check",
        "internet-cafe-1 internet-cafe-security-1 fire-safety-check-2",
        blocks="netcafe-school netcafe-home netcafe-entity",
    ),
    case(
        "a cinema with a stage and an escape room",
        {"store_form": "service", "sectors": ["culture"], "culture_kinds": ["cinema", "theater", "escape"]},
        "film-exhibition public-place-hygiene fire-safety-check",
        "film-exhibition-1 public-place-hygiene-6 fire-safety-check-2",
        notices="escape-filing theater-filing",
    ),
    case(
        "a dental clinic with x-rays",
        {
            "store_form": "service",
            "sectors": ["medical"],
            "medical_kinds": ["dental"],
            "xray": True,
            "wastewater": "sewer",
        },
        "clinic-filing radiation-safety radiology drainage",
        "clinic-filing-1 radiation-safety-1 radiology-1 drainage-1",
    ),
    case(
        "a clinic of Chinese medicine",
        {"store_form": "service", "sectors": ["medical"], "medical_kinds": ["tcm"]},
        "tcm-clinic",
        "tcm-clinic-1",
    ),
    case(
        "a hospital with a canteen",
        {"store_form": "service", "sectors": ["medical"], "medical_kinds": ["hospital"], "canteen": True},
        "medical-institution food-operation",
        "medical-institution-1 food-operation-4",
    ),
    case(
        "an animal clinic with x-rays has no radiology permit for people",
        {"store_form": "service", "sectors": ["agri"], "agri_kinds": ["pet_clinic", "vet_drug"], "xray": True},
        "animal-clinic vet-drug radiation-safety",
        "animal-clinic-1 vet-drug-1 radiation-safety-1",
    ),
    case(
        "pesticides may not be sold beside food, nor does the city license the restricted ones",
        {
            "store_form": "shop",
            "sectors": ["food", "agri"],
            "food_kinds": ["farm"],
            "agri_kinds": ["pesticide", "seed"],
            "pesticide_restricted": True,
            "seed_mode": "own",
        },
        "pesticide",
        "pesticide-1",
        notices="pesticide-restricted seed-own",
        blocks="pesticide-food",
    ),
    case(
        "packaged seed",
        {"store_form": "shop", "sectors": ["agri"], "agri_kinds": ["seed", "sanitary"], "seed_mode": "packaged"},
        "seed-filing",
        "seed-filing-1",
    ),
    case(
        "every kind of school and care",
        {
            "store_form": "service",
            "sectors": ["edu"],
            "edu_kinds": ["kindergarten", "training_arts", "training_adult", "childcare", "after_school", "elderly"],
        },
        "private-school childcare-filing elderly-care",
        "private-school-1 childcare-filing-1 elderly-care-1",
        notices="training-adult after-school training-arts-dept school-first",
    ),
    case(
        "labour dispatch, agency and travel are closed to an individual",
        {
            "entity_type": "individual",
            "sectors": ["service"],
            "service_kinds": ["dispatch", "job_agency", "outsourcing", "travel"],
        },
        "labor-dispatch hr-service travel-agency",
        "labor-dispatch-1 hr-service-1 travel-agency-1",
        notices="hr-outsourcing",
        blocks="dispatch-entity travel-entity",
    ),
    case(
        "a haulier with a heavy truck, a driving school and a repair shop",
        {
            "premises_type": "industrial",
            "store_form": "workshop",
            "sectors": ["auto"],
            "auto_kinds": ["freight", "repair", "driving_school", "car_rental"],
            "truck_mass": 12000,
        },
        "road-freight vehicle-repair",
        "road-freight-1 vehicle-repair-1",
        notices="driving-school car-rental",
    ),
    case(
        "a light van with dangerous goods",
        {
            "premises_type": "industrial",
            "store_form": "workshop",
            "sectors": ["auto"],
            "auto_kinds": ["freight"],
            "dangerous_goods": True,
        },
        "road-freight",
        "road-freight-2",
    ),
    case(
        "an individual may not print packaging, and books are the province's",
        {
            "entity_type": "individual",
            "premises_type": "industrial",
            "store_form": "workshop",
            "sectors": ["printing"],
            "printing_kinds": ["packaging", "publication"],
        },
        "printing",
        "printing-1",
        notices="printing-publication",
        blocks="printing-individual",
    ),
]

RESTAURANT = {"store_form": "eatery", "sectors": ["food"], "food_kinds": ["hot"], "dine_in": True}
HOMESTAY = {
    "premises_type": "rural",
    "store_form": "service",
    "sectors": ["lodging"],
    "lodging_type": "homestay",
    "room_count": 8,
    "floors": 3,
}
NETCAFE = {"store_form": "service", "sectors": ["culture"], "culture_kinds": ["netcafe"]}
KTV = {"store_form": "service", "sectors": ["culture"], "culture_kinds": ["ktv"]}
TOBACCO = {"store_form": "shop", "sectors": ["goods"], "goods_kinds": ["tobacco"]}
FIREWORKS = {"store_form": "shop", "sectors": ["goods"], "goods_kinds": ["fireworks"]}
FREIGHT = {"premises_type": "industrial", "store_form": "workshop", "sectors": ["auto"], "auto_kinds": ["freight"]}
FOUNDER = {"has_licence": "none"}
SIGN = {"outdoor_sign": ["own_sign"]}
# The banner makes the item needed whatever the sign's size.
BANNER = {"outdoor_sign": ["own_sign", "banner"]}


def threshold(place, fact, n, answers, *, below="", at="", above=None):
    """What holds just below n, at n and just above it (as at n unless told): items, notices, papers, conditions, asked.

    Of all that is named for any of the three, exactly this must hold.
    """
    points = {"below": below, "at": at, "above": at if above is None else above}
    return {
        "place": place,
        "fact": fact,
        "n": n,
        "answers": answers,
        "holds": {point: set(names.split()) for point, names in points.items()},
    }


# Each `gte` of the catalogue whose both sides can be answered.
THRESHOLDS = [
    threshold("questions canteen ask_when", "staff_count", 50, {}, at="asked:canteen"),
    threshold("derived small_homestay expr", "room_count", 15, HOMESTAY, at="fire-safety-check paper:mat-fire-opinion"),
    threshold("derived small_homestay expr", "floors", 5, HOMESTAY, at="fire-safety-check paper:mat-fire-opinion"),
    # 不超过800平方米: at 800 still small.
    threshold("derived small_homestay expr", "area", 800, HOMESTAY, above="fire-safety-check paper:mat-fire-opinion"),
    threshold(
        "derived large_shop expr", "area", 300, {"store_form": "shop"}, at="public-place-hygiene fire-safety-check"
    ),
    threshold("derived large_eatery expr", "area", 300, RESTAURANT, at="fire-safety-check"),
    # 超过4500千克: at 4500 not yet heavy.
    threshold("derived heavy_truck expr", "truck_mass", 4500, FREIGHT, above="road-freight"),
    threshold("rules social-insurance-2 when", "staff_count", 1, FOUNDER, at="social-insurance"),
    threshold("rules housing-fund-2 when", "staff_count", 1, FOUNDER, at="housing-fund"),
    threshold("rules outdoor-ad-2 when", "sign_area", 10, SIGN, at="outdoor-ad"),
    threshold("items outdoor-ad conditions", "sign_area", 10, BANNER, at="condition:有结构设计图"),
    threshold("items outdoor-ad materials", "sign_area", 10, BANNER, at="paper:mat-sign-structure"),
    threshold("notices netcafe-school when", "school_distance", 200, NETCAFE, below="netcafe-school"),
    threshold("notices ktv-school when", "school_distance", 200, KTV, below="ktv-school"),
    threshold("notices tobacco-school when", "school_distance", 50, TOBACCO, below="tobacco-school"),
    threshold("notices fireworks-distance when", "school_distance", 100, FIREWORKS, below="fireworks-distance"),
]

# Each `gte` at the least answer its question takes: (place, fact, n, answers, what holds at n). Less is refused, and
# while the question is open nothing is certain.
BOTTOMS = [
    ("derived small_homestay expr", "room_count", 1, HOMESTAY, "fact:small_homestay"),
    ("derived small_homestay expr", "floors", 1, HOMESTAY, "fact:small_homestay"),
    ("derived small_homestay expr", "area", 1, HOMESTAY | {"area": 300}, "fact:small_homestay"),
    ("notices netcafe-school when", "school_distance", 0, NETCAFE, "netcafe-school"),
    ("notices ktv-school when", "school_distance", 0, KTV, "ktv-school"),
    ("notices tobacco-school when", "school_distance", 0, TOBACCO, "tobacco-school"),
    ("notices fireworks-distance when", "school_distance", 0, FIREWORKS, "fireworks-distance"),
]
