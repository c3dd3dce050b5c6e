"""The public page's own words in English. What was registered stays as it was registered, in Chinese.

The templates carry the Chinese words; one that has no English here stops the page's compilation, so none is forgotten.
"""

from certificates.models import LicenceStatus
from certificates.public.facts import DEEMED, EXPIRED
from licensing.models import EntityType

# By item code; descriptive, since the licences themselves have Chinese names only.
CERTIFICATES = {
    "business-registration": "Business licence",
    "food-operation": "Food business licence",
    "prepackaged-food": "Filing of a seller of prepackaged food only",
    "public-place-hygiene": "Public place hygiene licence",
    "fire-safety-check": "Fire safety inspection opinion before opening a place of public assembly",
    "tobacco-retail": "Tobacco retail licence",
    "drug-retail": "Drug retail licence",
    "device-class2": "Filing for trading class II medical devices",
    "device-class3": "Medical device trading licence (class III)",
    "hotel-special-trade": "Special trade licence (hotels)",
    "publication-retail": "Publication trading licence",
    "outdoor-ad": "Outdoor advertisement permit",
    "drainage": "Permit to discharge into the urban sewer network",
    "labor-dispatch": "Labour dispatch licence",
    "hr-service": "Human resources service licence",
    "high-risk-sports": "High-risk sports business licence",
    "entertainment-venue": "Entertainment business licence",
    "entertainment-security": "Public security filing of an entertainment venue",
    "internet-cafe": "Internet culture business licence (internet café)",
    "internet-cafe-security": "Information network security undertaking",
    "film-exhibition": "Film exhibition licence",
    "printing": "Printing business licence",
    "travel-agency": "Travel agency licence",
    "medical-institution": "Medical institution practising licence",
    "clinic-filing": "Clinic filing certificate",
    "tcm-clinic": "Filing certificate of a traditional Chinese medicine clinic",
    "radiology": "Radiology diagnosis and treatment licence",
    "radiation-safety": "Radiation safety licence",
    "childcare-filing": "Childcare institution filing receipt",
    "private-school": "Private school licence",
    "elderly-care": "Elderly care institution filing receipt",
    "animal-clinic": "Animal clinic licence",
    "vet-drug": "Veterinary drug trading licence",
    "pesticide": "Pesticide trading licence",
    "seed-filing": "Crop seed business filing",
    "road-freight": "Road transport business licence",
    "vehicle-repair": "Motor vehicle repair filing receipt",
    "hazchem": "Hazardous chemicals trading licence",
    "refined-oil": "Refined oil retail approval certificate",
    "food-workshop": "Small food workshop registration certificate",
    "fireworks-retail": "Fireworks retail licence",
}
ENTITY_TYPES = {
    EntityType.COMPANY: "Company",
    EntityType.SOLE_PROP: "Sole proprietorship enterprise",
    EntityType.PARTNERSHIP: "Partnership",
    EntityType.INDIVIDUAL: "Individual business (getihu)",
    EntityType.COOP: "Farmers' cooperative",
}
STATES = {
    LicenceStatus.VALID: "Valid",
    EXPIRED: "Expired",
    DEEMED: "In force (deemed renewed by law)",
    LicenceStatus.SUSPENDED: "Suspended",
    LicenceStatus.WITHDRAWN: "Withdrawn",
    LicenceStatus.ANNULLED: "Annulled",
    LicenceStatus.CANCELLED: "Cancelled",
    LicenceStatus.LAPSED: "Lapsed",
    LicenceStatus.REVOKED: "Revoked",
    LicenceStatus.TRANSFERRED: "Transferred to another authority",
}
MEANINGS = {
    LicenceStatus.VALID: "",
    EXPIRED: "Its term has ended.",
    DEEMED: "",
    LicenceStatus.SUSPENDED: "Temporarily held by the authority: it may not be used until it is given back.",
    LicenceStatus.WITHDRAWN: "Lawfully granted, taken back because the law or the circumstances changed.",
    LicenceStatus.ANNULLED: "It should not have been granted; the grant was undone.",
    LicenceStatus.CANCELLED: "Struck off the register, on request or because it had ended.",
    LicenceStatus.LAPSED: "It has lost its effect.",
    LicenceStatus.REVOKED: "Taken away as a penalty for breaking the law.",
    LicenceStatus.TRANSFERRED: "Its register was handed to another authority; ask there.",
}
TURNING = {"prev": "Previous", "next": "Next"}
_PHRASES = {
    "一照通行": "One Licence Portal",
    "阳江市": "Yangjiang",
    "跳到正文": "Skip to content",
    "证照公示": "Public licence record",
    "English": "中文",
    "统一社会信用代码": "Unified social credit code",
    "类型": "Type",
    "主体状态": "Status of the entity",
    "已核验": "Verified",
    "存续": "In business",
    "住所（主要经营场所）": "Registered address",
    "经营范围": "Business scope",
    "查询时间：": "As of ",
    "（北京时间）。每次打开都是当时的登记。": " (Beijing time). Every visit shows the register as it is then.",
    "有效证照": "Valid licences",
    "暂扣的证照": "Suspended licences",
    "已失效证照": "Licences no longer in force",
    "（": " (",
    "）": ")",
    "日期": " on",
    "起不再有效": "",
    "起暂停有效": "",
    "证照编号": "Number",
    "发证机关": "Issued by",
    "发证日期和有效期": "Issued and valid until",
    "发证，有效期至": " – ",
    "发证，有效期：长期": " – no end date",
    "经营场所": "Premises",
    "许可范围": "Licensed scope",
    "……（内容较长，这里只显示前面一部分）": "… (long text, only its beginning is shown)",
    "目前没有有效的证照。": "There is no valid licence at present.",
    "翻页": "Pages",
    "第 %d 页，共 %d 页": "Page %d of %d",
    "现场的证照与本页不一致的，以发证机关的登记为准，可以向发证机关核实。": (
        "Where a licence on display differs from this page, the issuing authority's register prevails; "
        "you may ask the authority."
    ),
    "本页只公示可以公开的登记和许可信息，任何人扫码都能看到，不用登录。": (
        "This page shows public registration and licence facts only. Anyone can see it; no sign-in is needed."
    ),
    "投诉举报：": "Complaints: ",
    "，": ", ",
    "再查一家": "Look up another",
    "12345 政务服务便民热线": "12345 government service hotline",
    "全国 12315 平台（消费投诉）": "National 12315 platform (consumer complaints)",
    "工作人员查看": "For officials",
    "没有查到": "Nothing found",
    "没有查到这个二维码对应的经营主体": "No entity was found for this code",
    "网址可能不完整，或者这个二维码已经停用。": "The address may be incomplete, or this code is no longer in use.",
    "请重新扫码；还是查不到的，请向经营者索要新的二维码，或者向发证机关核实证照。": (
        "Please scan again. If nothing is found, ask the business for its new code, or ask the issuing authority."
    ),
    "也可以按名称或者统一社会信用代码查": "You can also look it up by name or unified social credit code (in Chinese)",
    "没有确认过的企业没有公示页。": "Entities that have not been verified have no public page.",
    "查得太频繁": "Too many attempts",
    "这个网络上查不到的次数太多": "Too many codes from this network were not found",
    "请过 10 分钟再扫码。真实的二维码不受影响，随时可以打开。": (
        "Please try again in 10 minutes. Codes that exist are not affected and open at any time."
    ),
}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def phrase(text):
    """The English for the page's own Chinese words. Raises KeyError for words that have none."""
    return _PHRASES[text]


def day_text(day):
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
