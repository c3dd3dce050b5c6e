"""Words of the officers' pages. A decision is called by the kind of its item: only a 行政许可 is 准予许可."""

DECISIONS = {
    "granted": {"行政许可": "准予许可", "备案": "备案完成", "公共服务": "已办理"},
    "refused": {"行政许可": "不予许可", "备案": "不予备案", "公共服务": "不予办理"},
}

EVENTS = {
    "task.created": "分办",
    "task.received": "前置事项办成，收件",
    "task.accepted": "受理",
    "task.granted": "决定：准予",
    "task.refused": "决定：不予",
    "task.terminated": "终止办理",
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
