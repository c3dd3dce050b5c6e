"""The grounds on which the law lets an authority end or move a licence, by the code that is kept of each."""

from certificates.models import EndingKind

FALSE_PROMISE = "false_promise"
ENDED_BEFORE = "ended_before"
EXPIRED = "expired"

_LAW = "《行政许可法》"
GROUNDS = {
    EndingKind.ANNUL: {
        "abuse": f"审批人员滥用职权、玩忽职守作出决定（{_LAW}第六十九条第一款第（一）项）",
        "beyond_powers": f"超越法定职权作出决定（{_LAW}第六十九条第一款第（二）项）",
        "procedure": f"违反法定程序作出决定（{_LAW}第六十九条第一款第（三）项）",
        "unqualified": f"对不具备申请资格或者不符合法定条件的申请人准予（{_LAW}第六十九条第一款第（四）项）",
        "otherwise": f"依法可以撤销的其他情形（{_LAW}第六十九条第一款第（五）项）",
        "fraud": f"以欺骗、贿赂等不正当手段取得（{_LAW}第六十九条第二款）",
        FALSE_PROMISE: f"作出的承诺不实，逾期没有整改或者整改后仍不符合（{_LAW}第六十九条，国办发〔2020〕42号）",
    },
    EndingKind.WITHDRAW: {
        "law_changed": f"所依据的法律、法规、规章修改或者废止（{_LAW}第八条第二款）",
        "facts_changed": f"所依据的客观情况发生重大变化（{_LAW}第八条第二款）",
    },
    EndingKind.CANCEL: {
        EXPIRED: f"有效期届满没有延续（{_LAW}第七十条第（一）项）",
        "deceased": f"经营者死亡或者丧失行为能力（{_LAW}第七十条第（二）项）",
        "dissolved": f"法人或者其他组织依法终止（{_LAW}第七十条第（三）项）",
        ENDED_BEFORE: f"已经依法撤销、撤回或者吊销（{_LAW}第七十条第（四）项）",
        "force_majeure": f"因不可抗力无法实施（{_LAW}第七十条第（五）项）",
        "on_request": f"持证人申请注销（{_LAW}第七十条第（六）项）",
    },
    "give_back": {
        "term_over": "暂扣期限届满",
        "decision_changed": "暂扣的处罚决定被撤销、变更，或者提前解除",
    },
    "lapse": {
        "by_law": "法律、法规、规章规定证照失效的情形已经出现",
        "replaced_elsewhere": "已由其他机关依法换发新证，原证失效",
    },
}
# Art. 69(2) and (4): what the holder brought about is not protected; for the authority's own fault it answers.
BY_THE_HOLDER = {"fraud", FALSE_PROMISE}


def ground_text(kind, code):
    return GROUNDS[kind][code]
