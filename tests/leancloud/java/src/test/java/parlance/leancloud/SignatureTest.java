package parlance.leancloud;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An app that asks for signatures: its backend signs, and what is not signed is not done. */
class SignatureTest extends Stage {
    private static final Signer BACKEND = new Signer(App.SIGNED.id(), App.SIGNED.masterKey());
    private static final Signer FORGER = new Signer(App.SIGNED.id(), "not the master key");

    private Client signed(String name) {
        return opened(device(Options.of(App.SIGNED).counting().signing(BACKEND)), fresh(name));
    }

    @Test
    void aSignedLoginIsLetIn() {
        Client butch = signed("butch");
        assertEquals(List.of(butch.id()), butch.online(butch.id()));
    }

    @Test
    void aForgedLoginIsRefused() {
        Sdk phone = device(Options.of(App.SIGNED).signing(FORGER));
        refused(4102, () -> phone.client(fresh("butch")).open());
    }

    @Test
    void aLoginWithoutSignatureIsRefused() {
        Sdk phone = device(Options.of(App.SIGNED));
        refused(4102, () -> phone.client(fresh("butch")).open());
    }

    /** With a user's token the SDK has its login signed by the server. */
    @Test
    void aUserIsLetIn() {
        Client user = device(Options.of(App.SIGNED)).client(System.getProperty("parlance.user"));
        user.openAs(System.getProperty("parlance.token"));
        assertEquals(List.of(user.id()), user.online(user.id()));
    }

    /** All that is signed, and quitting, which this SDK does not sign. */
    @Test
    void signedOperationsAreCarriedOut() {
        Client butch = signed("butch");
        Client spike = signed("spike");
        Client tyke = signed("tyke");
        String talk = butch.start(List.of(spike.id()), "signed", Map.of(), false).id();
        spike.next("Invited");
        butch.add(talk, tyke.id());
        tyke.next("Invited");
        butch.kick(talk, tyke.id());
        tyke.next("Kicked");
        tyke.join(talk);
        assertEquals(List.of(spike.id()), butch.block(talk, spike.id()).done());
        assertEquals(List.of(spike.id()), butch.unblock(talk, spike.id()).done());
        tyke.quit(talk);
        assertEquals(1, butch.count(talk));
    }

    @Test
    void forgedOperationsAreRefused() {
        Signer half = new Signer(App.SIGNED.id(), App.SIGNED.masterKey(), "not the master key");
        Client butch = signed("butch");
        Client spike = opened(device(Options.of(App.SIGNED).counting().signing(half)), fresh("spike"));
        String talk = butch.start(List.of(spike.id()), "signed", Map.of(), false).id();
        refused(4302, () -> spike.start(List.of(butch.id()), "forged", Map.of(), false));
        refused(4302, () -> spike.add(talk, "tyke"));
        refused(4302, () -> spike.kick(talk, butch.id()));
        refused(4546, () -> spike.block(talk, butch.id()));
    }

    /** Whoever is in gets another token without a signature. */
    @Test
    void aTokenIsRefreshed() {
        Client butch = signed("butch");
        butch.refresh();
        assertEquals(List.of(butch.id()), butch.online(butch.id()));
    }

    /** The session's token stands for the signature. */
    @Test
    void aClientComesBackWithoutSignature() {
        try (Line line = new Line(App.SIGNED.base())) {
            Sdk phone = device(Options.of(App.SIGNED).counting().signing(BACKEND).at(line.address()));
            Client butch = phone.client(fresh("butch"));
            butch.open();
            line.cut();
            butch.next("ConnectionPaused");
            phone.connect();
            butch.next("ConnectionResume");
            assertEquals(List.of(butch.id()), butch.online(butch.id()));
        }
    }
}
