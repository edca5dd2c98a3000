package parlance.leancloud.inside;

import cn.leancloud.AVException;
import cn.leancloud.AVInstallation;
import cn.leancloud.AVLogger;
import cn.leancloud.Messages;
import cn.leancloud.callback.AVCallback;
import cn.leancloud.cache.InMemorySetting;
import cn.leancloud.core.AVOSCloud;
import cn.leancloud.core.AppConfiguration;
import cn.leancloud.im.AVIMOptions;
import cn.leancloud.im.InternalConfiguration;
import cn.leancloud.im.v2.AVIMClient;
import cn.leancloud.im.v2.AVIMMessage;
import cn.leancloud.im.v2.AVIMMessageManager;
import cn.leancloud.network.NetworkingDetector;
import cn.leancloud.session.AVConnectionListener;
import cn.leancloud.session.AVConnectionManager;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import parlance.leancloud.Client;
import parlance.leancloud.Options;
import parlance.leancloud.Sdk;

/** Sets the SDK up as an app does when it starts. */
public final class SdkDevice implements Sdk {
    private final Happenings happenings = new Happenings();
    private Settled line;

    public SdkDevice(Options options) {
        AVOSCloud.setLogLevel(Boolean.getBoolean("parlance.debug") ? AVLogger.Level.DEBUG : AVLogger.Level.OFF);
        String files = folder();
        AppConfiguration.configCacheSettings(
                files + "/im", files + "/docs", files + "/files", files + "/queries", files + "/commands",
                files + "/stats", new InMemorySetting());
        // The SDK's own looks for an interface other than the loopback; on a phone, Android is asked.
        AppConfiguration.setGlobalNetworkingDetector(new NetworkingDetector() {
            @Override
            public boolean isConnected() {
                return true;
            }

            @Override
            public NetworkType getNetworkType() {
                return NetworkType.WIFI;
            }
        });
        AVOSCloud.initialize(options.app().id(), options.app().key(), options.app().base());
        AVIMOptions im = AVIMOptions.getGlobalOptions();
        im.setUnreadNotificationEnabled(options.unread());
        // What is kept on the phone would hide what the server has.
        im.setMessageQueryCacheEnabled(false);
        if (options.socket() != null) {
            im.setRtmServer(options.socket());
        }
        if (options.signer() != null) {
            im.setSignatureFactory(new Signatures(options.signer()));
        }
        InternalConfiguration.setOperationTube(new AndroidTube());
        InternalConfiguration.setFileMetaAccessor(new AndroidFiles());
        AVIMMessageManager.registerAVIMMessageType(OrderMessage.class);
        AVIMMessageManager.setConversationEventHandler(happenings.conversations());
        AVIMMessageManager.registerMessageHandler(AVIMMessage.class, happenings.messages());
        AVIMClient.setClientEventHandler(happenings.clients());
    }

    /** Where this device keeps its files, until all tests are over. */
    private static String folder() {
        try {
            Path made = Files.createTempDirectory("leancloud");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(made)));
            return made.toString();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void connect() {
        AVConnectionManager manager = AVConnectionManager.getInstance();
        if (manager.isConnectionEstablished()) {
            return;
        }
        if (line != null) {
            // A client hears that the line is cut before the others do: who then is back already would be taken for lost.
            line.closed().await();
        }
        // The SDK calls back before it has let its known clients in; a client who logs in meanwhile logs in twice.
        line = new Settled(new Answer<>(), new Answer<>());
        Answer<Object> settled = line.open();
        manager.subscribeDefaultConnectionListener("tests", line);
        manager.startConnection(new AVCallback<Object>() {
            @Override
            protected void internalDone0(Object nothing, AVException failure) {
                if (failure != null) {
                    settled.give(null, failure);
                }
            }
        });
        settled.await();
    }

    /** Told last of all that the socket is open, and that it is closed. */
    private record Settled(Answer<Object> open, Answer<Object> closed) implements AVConnectionListener {
        @Override
        public void onWebSocketOpen() {
            open.give(null, null);
        }

        @Override
        public void onWebSocketClose() {
            closed.give(null, null);
        }

        @Override
        public void onMessageArriving(String client, Integer request, Messages.GenericCommand command) {}

        @Override
        public void onError(Integer request, Messages.ErrorCommand error) {}
    }

    @Override
    public Client client(String id) {
        return new SdkClient(AVIMClient.getInstance(id), happenings);
    }

    @Override
    public Client client(String id, String tag) {
        return new SdkClient(AVIMClient.getInstance(id, tag), happenings);
    }

    @Override
    public String installation() {
        return AVInstallation.getCurrentInstallation().getInstallationId();
    }

    @Override
    public void drop() {
        AVConnectionManager.getInstance().resetConnection();
    }
}
