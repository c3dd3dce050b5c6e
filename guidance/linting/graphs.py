def cycles(arrows):
    """Yield each node that can reach itself. `arrows`: {node: nodes it points to}; unknown nodes lead nowhere."""
    for start in arrows:
        reached, ahead = set(), list(arrows[start])
        while ahead:
            node = ahead.pop()
            if node not in reached:
                reached.add(node)
                ahead.extend(arrows.get(node, ()))
        if start in reached:
            yield start
