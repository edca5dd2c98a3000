"""The words of a report, in English and in Chinese, for somebody who has never seen a database."""

from typing import NamedTuple

from parlance.importer.leancloud.verifying.findings import Topic, What
from parlance.importer.leancloud.verifying.verdict import Step


class Words(NamedTuple):
    """The same in both languages."""

    english: str
    chinese: str


TITLES: dict[Topic, tuple[Words, Words]] = {
    Topic.FOLDER: (
        Words("The saved folder", "导出文件夹"),
        Words(
            "The export came to its end, and every file that it noted is there with its checksum.",
            "导出已全部完成，记录在册的每个文件都在，校验和一致。",
        ),
    ),
    Topic.CONVERSATIONS: (
        Words("Conversations", "对话"),
        Words("Each conversation is here under its own id.", "每个对话都已导入，对话 ID 不变。"),
    ),
    Topic.SETTINGS: (
        Words("What is said about them", "对话资料"),
        Words(
            "Each is of the same kind, made by the same client at the same time, with the same name, attributes and"
            " columns of your own.",
            "类型、创建者、创建时间、名称、属性及自定义字段均一致。",
        ),
    ),
    Topic.MEMBERS: (
        Words("Members", "成员"),
        Words(
            "Whoever is in a conversation there is in it here: in the same role, and muted where it was muted.",
            "原对话中的每位成员都在，角色与静音设置一致。",
        ),
    ),
    Topic.RESTRICTIONS: (
        Words("Blocked and silenced", "黑名单与禁言"),
        Words("Whoever is kept out or silenced there is so here.", "原先被拉黑或禁言的用户，这里同样生效。"),
    ),
    Topic.MESSAGES: (
        Words("Messages", "消息"),
        Words("Each message is here under its own id.", "每条消息都已导入，消息 ID 不变。"),
    ),
    Topic.ENDS: (
        Words("First and last messages", "首条与末条消息"),
        Words(
            "Each conversation has the first and the last message that it has there.",
            "每个对话的第一条和最后一条消息与原来一致。",
        ),
    ),
    Topic.CONTENTS: (
        Words("What was said", "消息内容"),
        Words(
            "The messages that were read have the same sender, time and content.",
            "核对过的消息，发送者、时间与内容均一致。",
        ),
    ),
    Topic.PEOPLE: (
        Words("Users", "用户"),
        Words("Each user is known here, with the same profile.", "每个用户都已导入，资料一致。"),
    ),
    Topic.FILES: (
        Words("Files", "文件"),
        Words("Files that were brought along can be read here.", "已随迁的文件在这里可以读取。"),
    ),
    Topic.LEFT_BEHIND: (
        Words("Saved, not brought in", "已保存但不导入"),
        Words("It stays in the folder; keep it.", "这些数据保留在文件夹中，请妥善保管。"),
    ),
}

FOUND: dict[What, Words] = {
    What.UNFINISHED_EXPORT: Words("The export has not come to its end", "导出尚未完成"),
    What.NO_MANIFEST: Words(
        "Not an export of Parlance's: whether it is complete cannot be told", "不是 Parlance 的导出，无法判断是否完整"
    ),
    What.NOT_SAVED: Words("LeanCloud did not give it to the export", "导出时 LeanCloud 未能给出"),
    What.FILE_GONE: Words("Files that were saved and are gone", "曾经保存、现已丢失的文件"),
    What.FILE_CHANGED: Words("Files that are not as they were saved", "保存后被改动或损坏的文件"),
    What.FILE_UNREAD: Words(
        "Files that the import could not read, or not to their end", "导入时无法读取，或未能读完的文件"
    ),
    What.EXPORTED_SINCE: Words(
        "The folder was exported again after the last import", "上次导入之后，文件夹又重新导出过"
    ),
    What.NO_REPORT: Words("There is no report of an import", "没有导入报告"),
    What.UNREADABLE: Words(
        "Rows that cannot be read, and that the import has not reported", "无法读取且导入报告未登记的行"
    ),
    What.CONVERSATION_MISSING: Words("Conversations that are not here", "缺少的对话"),
    What.CONVERSATION_DELETED_HERE: Words("Conversations that came, and were deleted here", "导入后在这里被删除的对话"),
    What.KIND: Words("Of another kind here", "类型不一致"),
    What.ANOTHER_IS_FOUND_AGAIN: Words(
        "An ordinary group here: the same people have an older unique one", "此处为普通群：同一批成员已有更早的唯一对话"
    ),
    What.CREATOR: Words("Made by somebody else", "创建者不一致"),
    What.CREATED_AT: Words("Made at another time", "创建时间不一致"),
    What.COLUMN: Words("Names, attributes or columns that differ", "名称、属性或字段不一致"),
    What.MEMBER_MISSING: Words("Members who are not in it here", "缺少的成员"),
    What.MEMBER_LEFT_THERE: Words("In it here, but not there", "这里在对话中，LeanCloud 已不在"),
    What.ROLE: Words("In another role", "角色不一致"),
    What.MUTE: Words("Muted in one place alone", "静音设置不一致"),
    What.RESTRICTION: Words("Blocked or silenced there, and not here", "原先被拉黑或禁言，这里未生效"),
    What.MESSAGE_MISSING: Words(
        "Messages that are not here, and that the import has not reported", "缺少且导入报告未登记的消息"
    ),
    What.MESSAGE_NEWER: Words("Messages that are newer than the last import", "上次导入之后的新消息"),
    What.MESSAGE_DELETED_HERE: Words("Messages that came, and were deleted here", "导入后在这里被删除的消息"),
    What.MESSAGE_GONE_THERE: Words("Messages that are here and no longer there", "这里有、LeanCloud 已不再提供的消息"),
    What.FIRST_DIFFERS: Words("Conversations whose first message is not the same", "第一条消息不一致的对话"),
    What.LAST_DIFFERS: Words("Conversations whose last message is not the same", "最后一条消息不一致的对话"),
    What.SENDER: Words("From another sender", "发送者不一致"),
    What.TIME_EARLIER: Words("Earlier than there", "时间早于原消息"),
    What.TIME_LATER: Words(
        "A little later than there: here no two messages of a conversation have the same time",
        "时间略晚于原消息：这里同一对话的消息时间互不相同",
    ),
    What.TIME_FAR: Words(
        "More than a minute later than there: brought late, or a clock ran backwards; here times grow",
        "时间晚于原消息一分钟以上：补导入的消息，或原时钟曾回拨；这里的时间只增不减",
    ),
    What.ORDER: Words(
        "Conversations with messages that came in a later import, behind newer ones",
        "有消息在后一次导入时排到较新消息之后的对话",
    ),
    What.CONTENT: Words("Saying something else", "内容不一致"),
    What.CONTENT_CHANGED_HERE: Words("Edited or recalled here since", "导入后在这里被编辑或撤回"),
    What.PERSON_MISSING: Words("Users who are not known here", "缺少的用户"),
    What.PROFILE: Words("Profiles that differ", "资料不一致"),
    What.FILE_MISSING: Words("Files that are not here", "缺少的文件"),
    What.FILE_DIFFERS: Words("Files that cannot be read here, or are not the same", "无法读取或内容不一致的文件"),
    What.NOT_BROUGHT_IN: Words("Rows or files", "行或文件"),
}

STEPS: dict[Step, Words] = {
    Step.EXPORT: Words("Export again: parlance export leancloud", "重新导出：parlance export leancloud"),
    Step.IMPORT: Words("Import again: parlance import leancloud", "重新导入：parlance import leancloud"),
    Step.LOOK: Words(
        "Look at what is listed below: an import does not undo what was changed here.",
        "查看下列差异：导入不会撤销在这里做过的改动。",
    ),
    Step.VERIFY: Words("Then verify again.", "然后再次核对。"),
}

SAFE = Words("Safe to switch", "可以切换")
NOT_SAFE = Words("Not safe to switch", "暂不可切换")
SAFE_MEANS = Words(
    "Everything that was looked at is here, or the import has said why it is not.",
    "核对过的数据都已在这里；未导入的，导入报告都已说明原因。",
)
NOT_SAFE_MEANS = Words("Something is missing or differs. What, is said below.", "有数据缺失或不一致，详见下文。")
