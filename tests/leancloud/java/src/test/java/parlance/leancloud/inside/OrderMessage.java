package parlance.leancloud.inside;

import cn.leancloud.im.v2.AVIMTypedMessage;
import cn.leancloud.im.v2.annotation.AVIMMessageField;
import cn.leancloud.im.v2.annotation.AVIMMessageType;
import java.util.Map;

/** A kind of message that an app has made up. */
@AVIMMessageType(type = 123)
public final class OrderMessage extends AVIMTypedMessage {
    @AVIMMessageField(name = "_lctext")
    private String text;

    @AVIMMessageField(name = "_lcattrs")
    private Map<String, Object> attrs;

    public String getText() {
        return text;
    }

    public void setText(String text) {
        this.text = text;
    }

    public Map<String, Object> getAttrs() {
        return attrs;
    }

    public void setAttrs(Map<String, Object> attrs) {
        this.attrs = attrs;
    }
}
