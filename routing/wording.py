"""Words of the pages on a task. Only a 行政许可 is 准予许可; 备案 and 公共服务 have their own."""

from guidance.schema import KINDS

# By status and kind of item; a status that is not here is called the same for all (TaskStatus).
STATUS_WORDS = {
    "correction": {"行政许可": "待补正", "备案": "待补齐材料", "公共服务": "待补齐材料"},
    "accepted": {"行政许可": "已受理", "备案": "核对中", "公共服务": "办理中"},
    "granted": {"行政许可": "准予许可", "备案": "备案完成", "公共服务": "已办理"},
    "refused": {"行政许可": "不予许可", "备案": "不予备案", "公共服务": "不予办理"},
    "declined": {"行政许可": "不予受理", "备案": "不属于备案范围", "公共服务": "不属于办理范围"},
}

# What an officer does, by move and kind.
MOVE_WORDS = {
    "accept": {"行政许可": "受理", "备案": "收下材料，开始核对", "公共服务": "收下材料，开始办理"},
    "ask_correction": {"行政许可": "一次性告知补正", "备案": "一次性告知补齐", "公共服务": "一次性告知补齐"},
    "decline": {"行政许可": "不予受理", "备案": "不属于备案范围", "公共服务": "不属于办理范围"},
    "close_correction": dict.fromkeys(KINDS, "退回"),
    "grant": {"行政许可": "准予许可", "备案": "备案完成", "公共服务": "办理完成"},
    "refuse": {"行政许可": "不予许可", "备案": "不予备案", "公共服务": "不予办理"},
    "stop": dict.fromkeys(KINDS, "停钟"),
    "resume": dict.fromkeys(KINDS, "恢复计时"),
    "take": dict.fromkeys(KINDS, "当面收到容缺材料"),
    "extend": {"行政许可": "延长期限"},
    "end_false_promise": dict.fromkeys(KINDS, "承诺不实，终止办理"),
    "reassign": dict.fromkeys(KINDS, "改派承办人"),
    "propose_grant": {"行政许可": "提请准予许可", "备案": "提请备案完成", "公共服务": "提请办理完成"},
    "propose_refuse": {"行政许可": "提请不予许可", "备案": "提请不予备案", "公共服务": "提请不予办理"},
    "approve": dict.fromkeys(KINDS, "复核同意"),
    "send_back": dict.fromkeys(KINDS, "复核退回"),
}

# What stands above a move's form: when it is the right one, and what follows from it.
MOVE_HINTS = {
    "accept": "申请内容和材料齐全、符合形式要求的，就办这一步。",
    "ask_correction": "请把要补正的全部内容一次写完：再次告知只能针对申请人补正时新提交的内容。申请人会原样看到。",
    "decline": "决定书会发给申请人，写明理由和应当向哪个机关申请。",
    "refuse": "决定书会发给申请人，写明理由和救济途径。",
    "propose_grant": "本机关的决定要经第二人复核：您填好内容，由同事复核后生效。",
    "propose_refuse": "本机关的决定要经第二人复核：您写明理由，由同事复核后生效。",
    "approve": "复核同意后立即生效，并发出决定。",
    "send_back": "退回后，承办人可以重新提出决定。",
    "stop": "听证、检验检测检疫鉴定、专家评审、招标拍卖，两个期限都停；现场核查和等待前置事项，只停承诺期限。",
    "resume": "开始和结束当天都不计入期限；结束后重新计算到期日。",
    "take": "申请人在现场核查时或者到窗口当面交来的，在这里登记；在网上补交的不用登记。",
    "extend": "只能延长一次，两个期限一起延长；延期告知书会发给申请人。",
    "close_correction": "补正没有设定期限。申请人不再补正的，退回申请并发给退回通知书。",
    "end_false_promise": "终止办理，并把这家经营主体列入失信主体名单。",
    "reassign": "改派后，补正的回复也由新的承办人办理。",
}

EVENTS = {
    "task.created": "分办",
    "task.received": "前置事项办成，收件",
    "task.accepted": "受理",
    "task.accepted_by_silence": "逾期没有告知，视为受理",
    "task.correction_asked": "一次性告知补正",
    "task.correction_answered": "申请人补正",
    "task.returned": "退回",
    "task.declined": "不予受理",
    "task.granted": "决定：准予",
    "task.refused": "决定：不予",
    "task.proposed": "提出决定，等第二人复核",
    "task.proposal_returned": "复核退回",
    "task.stopped": "停钟",
    "task.resumed": "恢复计时",
    "task.extended": "延长期限",
    "task.reassigned": "改派承办人",
    "task.supplied": "申请人补交容缺材料",
    "task.paper_taken": "当面收到容缺材料",
    "task.reminded": "提醒补交容缺材料",
    "task.held": "申请人要求暂停",
    "task.went_on": "申请人要求继续",
    "task.hold_ended": "暂停期满，继续办理",
    "task.recounted": "重新计算期限",
    "task.withdrawn": "申请人撤回",
    "task.terminated": "终止办理",
    "check.ordered": "安排核查承诺",
    "check.passed": "核查属实",
    "check.failed": "核查不实，限期整改",
    "check.rectified": "整改合格",
    "check.unrectified": "逾期没有整改，转撤销",
    "check.annulled": "承诺不实，撤销",
    "window.handed_over": "窗口交付结果",
}

# How a paper was met, told to the officer; the applicant's words for it say 您.
HOW = {
    "generated": "系统按表单生成",
    "held_licence": "已持证照，免提交",
    "item_result": "由本次办理的事项产生",
    "shared": "数据共享获取",
    "department": "由本机关核验",
    "promise": "以承诺代替",
    "upload": "申请人上传",
    "deferred": "容后补交",
}
