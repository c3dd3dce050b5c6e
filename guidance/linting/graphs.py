"""Circles among entries that name each other."""


def cycles(arrows):
    """Yield each circle as the list of its nodes, in time linear in the arrows (Tarjan).

    `arrows`: {node: nodes it points to}; unknown nodes lead nowhere. Nodes that reach each other are one circle.
    """
    index, low, stack, on_stack = {}, {}, [], set()
    for root in arrows:
        if root in index:
            continue
        # A stack of our own: a chain may be longer than Python recurses.
        ahead = [(root, iter(arrows[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while ahead:
            node, targets = ahead[-1]
            target = next((target for target in targets if target in arrows), None)
            if target is None:
                ahead.pop()
                if ahead:
                    low[ahead[-1][0]] = min(low[ahead[-1][0]], low[node])
                if low[node] == index[node]:
                    yield from _closed(node, arrows, stack, on_stack)
            elif target not in index:
                index[target] = low[target] = len(index)
                stack.append(target)
                on_stack.add(target)
                ahead.append((target, iter(arrows[target])))
            elif target in on_stack:
                low[node] = min(low[node], index[target])


def _closed(node, arrows, stack, on_stack):
    members = []
    while not members or members[-1] != node:
        members.append(stack.pop())
        on_stack.discard(members[-1])
    if len(members) > 1 or node in arrows[node]:
        yield members[::-1]
