"""What happened, in words that somebody can follow."""


def said(machine, pick):
    """A pick in a few words."""
    names = {key: name for (_, name), key in machine.keys.items()}
    parts = [f"team {_open(pick, 'care_team')}", f"others {_open(pick, 'others')}"]
    if pick.team:
        parts.append(f"team of {', '.join(sorted(names[one] for one in pick.team))}")
    parts += [f"{names[one.account]} {'at most ' if one.at_most else ''}{one.level}" for one in sorted(pick.named)]
    parts += [f"a rule against {names.get(rule.name, rule.name or rule.who)}" for rule in sorted(pick.rules)]
    return "; ".join(parts + (["hidden"] if pick.hold else []))


def _open(pick, circle):
    return "+".join([getattr(pick, circle), *sorted(getattr(pick, f"{circle}_extras"))])
