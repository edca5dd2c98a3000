package parlance.leancloud;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What an app's backend does: signs with the master key, or with a wrong one.
 *
 * @param key what logins are signed with
 * @param actionKey what everything else is signed with
 */
public record Signer(String appId, String key, String actionKey) {
    /** Signs all alike. */
    Signer(String appId, String key) {
        this(appId, key, key);
    }

    /** A signature with the moment and the word that went into it. */
    public record Signed(String signature, long timestamp, String nonce) {}

    /** For a login. */
    public Signed login(String client) {
        return signed(key, appId + ":" + client + ":", "");
    }

    /** For a conversation that is started. */
    public Signed start(String client, List<String> members) {
        return signed(actionKey, appId + ":" + client + ":" + sorted(members), "");
    }

    /** For what is done to a conversation: the action is the last word. */
    public Signed action(String client, String conversation, List<String> members, String action) {
        return signed(actionKey, appId + ":" + client + ":" + conversation + ":" + sorted(members), ":" + action);
    }

    private static String sorted(List<String> members) {
        return String.join(":", members.stream().sorted().toList());
    }

    private static Signed signed(String key, String before, String after) {
        long now = System.currentTimeMillis() / 1000;
        String nonce = "n" + System.nanoTime();
        return new Signed(mac(key, before + ":" + now + ":" + nonce + after), now, nonce);
    }

    private static String mac(String key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
