"""A verdict as a page: to be read by whoever decides, printed, and signed. Nothing in it is fetched from anywhere."""

from collections.abc import Iterable
from html import escape
from importlib.resources import files

from parlance import __version__
from parlance.importer.leancloud.verifying.findings import MEANING, Difference, Line, Topic, Weight, when
from parlance.importer.leancloud.verifying.talks import End, Talk
from parlance.importer.leancloud.verifying.verdict import Verdict
from parlance.importer.leancloud.verifying.words import (
    FOUND,
    NOT_SAFE,
    NOT_SAFE_MEANS,
    SAFE,
    SAFE_MEANS,
    STEPS,
    TITLES,
    Words,
)

MOST_SHOWN = 20
"""Of each kind of difference; the JSON has more."""
MOST_REASONS = 30
TO_COMPARE = 10
"""Conversations that are shown for a look by eye."""


def as_page(verdict: Verdict, digest: str) -> str:
    """The whole page; `digest` is the SHA-256 of the JSON that says the same in full."""
    style = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    title = f"{(SAFE if verdict.is_safe else NOT_SAFE).english}: {verdict.app_id}"
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(title)}</title>
<style>
{style}</style>
</head>
<body>
<input type="radio" name="language" id="english" checked>
<input type="radio" name="language" id="chinese">
<nav aria-label="Language"><label for="english">English</label><label for="chinese" lang="zh-CN">简体中文</label></nav>
<main>
{"".join(_sections(verdict, digest))}
</main>
</body>
</html>
"""


def _sections(verdict: Verdict, digest: str) -> Iterable[str]:
    yield f"<h1>{_said('Moving from LeanCloud: what is here', '从 LeanCloud 迁移：数据核对报告')}</h1>"
    yield _decision(verdict)
    yield _origin(verdict)
    yield _lines(verdict)
    yield from _differences(verdict)
    yield _aside(verdict)
    yield _some_talks(verdict)
    yield _signature(digest, is_safe=verdict.is_safe)


def _decision(verdict: Verdict) -> str:
    words, means = (SAFE, SAFE_MEANS) if verdict.is_safe else (NOT_SAFE, NOT_SAFE_MEANS)
    steps = "".join(f"<li>{_words(STEPS[step])}</li>" for step in verdict.steps)
    steps = f"<ol>{steps}</ol>" if steps else ""
    kind, mark = ("safe", "✓") if verdict.is_safe else ("unsafe", "✗")
    if count := sum(verdict.findings.reasons.values()):
        steps = (
            f"<p>{_said('Put aside by the import, as listed below', '导入时登记未导入，见下')}: {count:,}</p>{steps}"
        )
    return f'<div class="verdict {kind}"><strong>{mark} {_words(words)}</strong><p>{_words(means)}</p>{steps}</div>'


def _origin(verdict: Verdict) -> str:
    origin, sampling = verdict.origin, verdict.sampling
    source = (
        _said("LeanCloud itself, read again", "重新读取的 LeanCloud") if verdict.live else _said("the folder", "文件夹")
    )
    rows = [
        (_said("App here", "本服务器应用"), escape(verdict.app_id)),
        (
            _said("App at LeanCloud", "LeanCloud 应用"),
            escape(f"{origin.app_id} · {origin.server}" if origin.app_id else "?"),
        ),
        (_said("Compared with", "核对对象"), f"{source} <code>{escape(verdict.folder)}</code>"),
        (_said("Exported until", "导出完成时间"), _time(origin.exported_at)),
        (_said("Newest message in it", "其中最新消息"), _time(origin.newest_message)),
        (_said("Verified at", "核对时间"), f"{_time(verdict.looked_at)} · parlance {escape(__version__)}"),
        (
            _said("Read and compared", "内容核对范围"),
            _said(
                f"about {sampling.most:,} messages of each conversation (seed {escape(sampling.seed)})",
                f"每个对话约 {sampling.most:,} 条消息（抽样种子 {escape(sampling.seed)}）",
            )
            if sampling.most
            else _said("every message", "全部消息"),
        ),
    ]
    if verdict.after_switch:
        rows.append(
            (
                _said("People live here already", "已有用户在使用"),
                _said(
                    "what they changed here is told, and does not count against it",
                    "他们在这里的改动会列出，但不影响结论",
                ),
            )
        )
    return "<dl>" + "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows) + "</dl>"


def _lines(verdict: Verdict) -> str:
    head = "".join(
        f'<th class="number" scope="col">{words}</th>'
        for words in (_said("LeanCloud", "LeanCloud"), _said("Here", "这里"), _said("Put aside", "登记未导入"))
    )
    told = [line for line in verdict.findings.lines.values() if _is_told(line)]
    return (
        f"<h2>{_said('Line by line', '逐项核对')}</h2>"
        f'<table class="lines"><thead><tr><th></th><th></th>{head}</tr></thead>'
        f"<tbody>{''.join(map(_line, told))}</tbody></table>"
    )


def _line(line: Line) -> str:
    title, means = TITLES[line.topic]
    kind, mark = ("fine", "✓") if line.is_fine else ("wrong", "✗")
    if line.topic is Topic.LEFT_BEHIND:
        kind, mark = "note", "·"
    found = "".join(
        f'<p class="{_weight(what)}">{_words(FOUND[what])}: {count:,}</p>' for what, count in line.counts.items()
    )
    if line.came_since:
        found += f'<p class="note">{_said("Came here since", "迁入后新增")}: {line.came_since:,}</p>'
    numbers = "".join(
        f'<td class="number">{"" if line.topic is Topic.LEFT_BEHIND else f"{number:,}"}</td>'
        for number in (line.there, line.here, line.aside)
    )
    return (
        f'<tr><td class="mark {kind}">{mark}</td><td><p><strong>{_words(title)}</strong></p>'
        f'<p class="soft">{_words(means)}</p>{found}</td>{numbers}</tr>'
    )


def _is_told(line: Line) -> bool:
    return bool(line.there or line.counts)


def _weight(what: object) -> str:
    return "note" if MEANING[what][1] is Weight.NOTE else "wrong"  # type: ignore[index]


def _differences(verdict: Verdict) -> Iterable[str]:
    told = [(what, several) for what, several in verdict.findings.told.items() if MEANING[what][1] is not Weight.NOTE]
    if not told:
        return
    yield f"<h2>{_said('What differs', '差异明细')}</h2>"
    head = "".join(
        f'<th scope="col">{words}</th>'
        for words in (_said("Where", "位置"), _said("Which", "对象"), "LeanCloud", _said("Here", "这里"))
    )
    for what, several in told:
        count = verdict.findings.lines[MEANING[what][0]].counts[what]
        yield f"<h3>{_words(FOUND[what])}: {count:,}</h3>"
        yield f'<table class="differences"><thead><tr>{head}</tr></thead><tbody>'
        yield "".join(map(_difference, several[:MOST_SHOWN]))
        yield "</tbody></table>"
        if count > MOST_SHOWN:
            left = count - MOST_SHOWN
            yield f'<p class="soft">{_said(f"and {left:,} more", f"另有 {left:,} 项")}</p>'


def _difference(difference: Difference) -> str:
    cells = (difference.where, difference.which, difference.there, difference.here)
    return "<tr>" + "".join(f'<td class="id">{escape(cell)}</td>' for cell in cells) + "</tr>"


def _aside(verdict: Verdict) -> str:
    reasons = verdict.findings.reasons
    if not reasons:
        return ""
    rows = "".join(
        f'<tr><td>{escape(reason)}</td><td class="number">{count:,}</td></tr>'
        for reason, count in reasons.most_common(MOST_REASONS)
    )
    means = _said(
        "It is not here, and the import has said why. Whoever signs accepts that.",
        "这些数据未导入，原因如下。签字即表示接受。",
    )
    return (
        f"<h2>{_said('Put aside by the import', '导入时登记未导入的数据')}</h2>"
        f"<p>{means}</p>"
        f"<table><tbody>{rows}</tbody></table>"
    )


def _some_talks(verdict: Verdict) -> str:
    largest = sorted(verdict.talks, key=lambda talk: talk.rows, reverse=True)[:TO_COMPARE]
    if not largest:
        return ""
    head = "".join(
        f'<th scope="col"{style}>{words}</th>'
        for words, style in (
            (_said("Conversation", "对话"), ""),
            (_said("Messages there", "原消息数"), ' class="number"'),
            (_said("Here", "这里"), ' class="number"'),
            (_said("Sent here since", "迁入后新增"), ' class="number"'),
            (_said("Last message there", "原末条消息"), ""),
        )
    )
    return (
        f"<h2>{_said('The largest conversations, to compare by eye', '最大的对话，供人工核对')}</h2>"
        f'<div class="wide"><table class="talks"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(map(_talk, largest))}</tbody></table></div>"
    )


def _talk(talk: Talk) -> str:
    here = talk.here
    numbers = (talk.rows, here.there if here else 0, here.here if here else 0)
    cells = "".join(f'<td class="number">{number:,}</td>' for number in numbers)
    return f'<tr><td class="id">{escape(talk.conv_id)}</td>{cells}<td>{_end(talk.last)}</td></tr>'


def _end(end: End | None) -> str:
    return "" if end is None else f'{_time(end.time)} <span class="id">{escape(end.id)}</span>'


def _signature(digest: str, *, is_safe: bool) -> str:
    fields = "".join(
        f'<span class="line">{words}</span>'
        for words in (_said("Name", "姓名"), _said("Date", "日期"), _said("Signature", "签字"))
    )
    read = _said("I have read this report.", "本人已阅读本报告。")
    read += _said(" On what it says, we switch as planned.", "同意据此按计划切换。") if is_safe else ""
    full = _said("In full: the JSON with SHA-256", "完整结果见 JSON，SHA-256")
    return (
        f'<section class="signature"><p>{read}</p><p class="soft">{full} <code>{escape(digest)}</code></p>'
        f"<div>{fields}</div></section>"
    )


def _time(at: int | None) -> str:
    return f'<time datetime="{when(at)}">{when(at)[:19].replace("T", " ")} UTC</time>' if at else "—"


def _words(words: Words) -> str:
    return _said(escape(words.english), escape(words.chinese))


def _said(english: str, chinese: str) -> str:
    """Both; the page shows one of them. They are HTML already."""
    return f'<span lang="en">{english}</span><span lang="zh-CN">{chinese}</span>'
