package parlance.leancloud;

/** LeanCloud's SDK on one device: one connection, which its clients share. */
public interface Sdk {
    /** Dial, and wait for the socket to be open. Clients who were here before come back by themselves. */
    void connect();

    /** A client who is not open yet. */
    Client client(String id);

    /** A client who wants to be on one device at a time. */
    Client client(String id, String tag);

    /** Which number the SDK goes by on its socket. */
    String installation();

    /** Hang up without a word, as a phone does that is switched off. */
    void drop();
}
