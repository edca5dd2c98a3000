package parlance.leancloud;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A server stops and starts again. */
class RestartTest {
    private static void restart() throws Exception {
        URI door = URI.create(System.getProperty("parlance.door"));
        HttpRequest knock = HttpRequest.newBuilder(door).POST(BodyPublishers.noBody()).build();
        assertEquals(200, HttpClient.newHttpClient().send(knock, BodyHandlers.discarding()).statusCode());
    }

    /** Dialling again, as Android does, is all it takes: the token is good, and all that was said is there. */
    @Test
    void theSdkComesBack() throws Exception {
        Sdk phone = Device.with(Options.of(App.LASTING).counting());
        phone.connect();
        Client butch = phone.client("butch");
        butch.open();
        String talk = butch.start(List.of("spike"), "lasting", Map.of(), false).id();
        Said before = butch.send(talk, Draft.text("before"));
        restart();
        butch.next("ConnectionPaused");
        phone.connect();
        butch.next("ConnectionResume");
        assertEquals(List.of(before.id()), butch.history(talk, 10).stream().map(Said::id).toList());
        butch.send(talk, Draft.text("after"));
        phone.drop();
    }
}
