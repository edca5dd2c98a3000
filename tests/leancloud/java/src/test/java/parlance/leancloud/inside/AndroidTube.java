package parlance.leancloud.inside;

import cn.leancloud.callback.AVCallback;
import cn.leancloud.im.DirectlyOperationTube;
import cn.leancloud.im.RequestCache;
import cn.leancloud.im.v2.Conversation;
import cn.leancloud.im.v2.Conversation.AVIMOperation;
import com.alibaba.fastjson.JSON;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The way from the app to the SDK's connection and back. On Android it leads through another process: what goes over
 * it becomes JSON, and what comes back is picked out of a bundle. The SDK's own for plain Java has both wrong in this
 * version: it sends an update's attributes as Java writes a map, and gives some callbacks the bundle itself.
 */
final class AndroidTube extends DirectlyOperationTube {
    AndroidTube() {
        super(true);
    }

    @Override
    public boolean updateConversationDirectly(
            String client, String conversation, int type, Map<String, Object> changes, int request) {
        Map<String, Object> carried = JSON.parseObject(JSON.toJSONString(changes));
        return participateConversationDirectly(
                client, conversation, type, carried, AVIMOperation.CONVERSATION_UPDATE, request);
    }

    @Override
    public void onOperationCompletedEx(
            String client, String conversation, int request, AVIMOperation operation, HashMap<String, Object> bundle) {
        switch (operation) {
            case CONVERSATION_MEMBER_COUNT_QUERY ->
                give(client, request, bundle.get(Conversation.callbackMemberCount));
            case CONVERSATION_MUTED_MEMBER_QUERY, CONVERSATION_BLOCKED_MEMBER_QUERY ->
                give(client, request, Arrays.asList((String[]) bundle.get(Conversation.callbackData)));
            default -> super.onOperationCompletedEx(client, conversation, request, operation, bundle);
        }
    }

    @SuppressWarnings("unchecked")
    private static void give(String client, int request, Object result) {
        AVCallback<Object> callback = RequestCache.getInstance().getRequestCallback(client, null, request);
        RequestCache.getInstance().cleanRequestCallback(client, null, request);
        callback.internalDone(result, null);
    }
}
