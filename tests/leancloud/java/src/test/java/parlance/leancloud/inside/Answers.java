package parlance.leancloud.inside;

import cn.leancloud.AVException;
import cn.leancloud.im.v2.AVIMClient;
import cn.leancloud.im.v2.AVIMConversation;
import cn.leancloud.im.v2.AVIMException;
import cn.leancloud.im.v2.AVIMMessage;
import cn.leancloud.im.v2.callback.AVIMClientCallback;
import cn.leancloud.im.v2.callback.AVIMConversationCallback;
import cn.leancloud.im.v2.callback.AVIMConversationCreatedCallback;
import cn.leancloud.im.v2.callback.AVIMConversationMemberCountCallback;
import cn.leancloud.im.v2.callback.AVIMConversationMemberQueryCallback;
import cn.leancloud.im.v2.callback.AVIMConversationQueryCallback;
import cn.leancloud.im.v2.callback.AVIMConversationSimpleResultCallback;
import cn.leancloud.im.v2.callback.AVIMMessageRecalledCallback;
import cn.leancloud.im.v2.callback.AVIMMessageUpdatedCallback;
import cn.leancloud.im.v2.callback.AVIMMessagesQueryCallback;
import cn.leancloud.im.v2.callback.AVIMOnlineClientsCallback;
import cn.leancloud.im.v2.callback.AVIMOperationFailure;
import cn.leancloud.im.v2.callback.AVIMOperationPartiallySucceededCallback;
import cn.leancloud.im.v2.conversation.AVIMConversationMemberInfo;
import cn.leancloud.im.v2.messages.AVIMRecalledMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import parlance.leancloud.Outcome;

/** The SDK's callbacks, each of which gives what it was called with. */
final class Answers {
    private Answers() {}

    static AVIMClientCallback client(Answer<AVIMClient> answer) {
        return new AVIMClientCallback() {
            @Override
            public void done(AVIMClient client, AVIMException failure) {
                answer.give(client, failure);
            }
        };
    }

    static AVIMOnlineClientsCallback online(Answer<List<String>> answer) {
        return new AVIMOnlineClientsCallback() {
            @Override
            public void done(List<String> clients, AVIMException failure) {
                answer.give(clients, failure);
            }
        };
    }

    static AVIMConversationCallback nothing(Answer<Void> answer) {
        return new AVIMConversationCallback() {
            @Override
            public void done(AVIMException failure) {
                answer.give(null, failure);
            }
        };
    }

    static AVIMConversationCreatedCallback created(Answer<AVIMConversation> answer) {
        return new AVIMConversationCreatedCallback() {
            @Override
            public void done(AVIMConversation conversation, AVIMException failure) {
                answer.give(conversation, failure);
            }
        };
    }

    static AVIMConversationQueryCallback found(Answer<List<AVIMConversation>> answer) {
        return new AVIMConversationQueryCallback() {
            @Override
            public void done(List<AVIMConversation> conversations, AVIMException failure) {
                answer.give(conversations, failure);
            }
        };
    }

    static AVIMConversationMemberCountCallback count(Answer<Integer> answer) {
        return new AVIMConversationMemberCountCallback() {
            @Override
            public void done(Integer count, AVIMException failure) {
                answer.give(count, failure);
            }
        };
    }

    static AVIMConversationMemberQueryCallback roles(Answer<List<AVIMConversationMemberInfo>> answer) {
        return new AVIMConversationMemberQueryCallback() {
            @Override
            public void done(List<AVIMConversationMemberInfo> members, AVIMException failure) {
                answer.give(members, failure);
            }
        };
    }

    static AVIMConversationSimpleResultCallback members(Answer<List<String>> answer) {
        return new AVIMConversationSimpleResultCallback() {
            @Override
            public void done(List<String> members, AVIMException failure) {
                answer.give(members, failure);
            }
        };
    }

    static AVIMOperationPartiallySucceededCallback outcome(Answer<Outcome> answer) {
        return new AVIMOperationPartiallySucceededCallback() {
            @Override
            public void done(AVIMException failure, List<String> done, List<AVIMOperationFailure> failures) {
                answer.give(failure == null ? new Outcome(List.copyOf(done), codes(failures)) : null, failure);
            }
        };
    }

    private static Map<String, Integer> codes(List<AVIMOperationFailure> failures) {
        Map<String, Integer> codes = new HashMap<>();
        for (AVIMOperationFailure each : failures) {
            each.getMemberIds().forEach(member -> codes.put(member, each.getCode()));
        }
        return codes;
    }

    static AVIMMessagesQueryCallback messages(Answer<List<AVIMMessage>> answer) {
        return new AVIMMessagesQueryCallback() {
            @Override
            public void done(List<AVIMMessage> messages, AVIMException failure) {
                answer.give(messages, failure);
            }
        };
    }

    static AVIMMessageUpdatedCallback edited(Answer<AVIMMessage> answer) {
        return new AVIMMessageUpdatedCallback() {
            @Override
            public void done(AVIMMessage message, AVException failure) {
                answer.give(message, failure);
            }
        };
    }

    static AVIMMessageRecalledCallback recalled(Answer<AVIMRecalledMessage> answer) {
        return new AVIMMessageRecalledCallback() {
            @Override
            public void done(AVIMRecalledMessage message, AVException failure) {
                answer.give(message, failure);
            }
        };
    }
}
