package parlance.leancloud.inside;

import cn.leancloud.im.Signature;
import cn.leancloud.im.SignatureFactory;
import java.util.List;
import parlance.leancloud.Signer;

/** Hands the SDK what the app's backend signs. */
final class Signatures implements SignatureFactory {
    private final Signer signer;

    Signatures(Signer signer) {
        this.signer = signer;
    }

    @Override
    public Signature createSignature(String client, List<String> members) {
        return carried(members.isEmpty() ? signer.login(client) : signer.start(client, members));
    }

    @Override
    public Signature createConversationSignature(
            String conversation, String client, List<String> members, String action) {
        return carried(signer.action(client, conversation, members, action));
    }

    @Override
    public Signature createBlacklistSignature(String client, String conversation, List<String> members, String action) {
        return carried(signer.action(client, conversation, members, action));
    }

    private static Signature carried(Signer.Signed signed) {
        Signature signature = new Signature();
        signature.setSignature(signed.signature());
        signature.setTimestamp(signed.timestamp());
        signature.setNonce(signed.nonce());
        return signature;
    }
}
