package parlance.leancloud;

/**
 * An app on the server, as the one who started these tests tells of it.
 *
 * @param base the server's address, without a slash at the end
 */
public record App(String base, String id, String key, String masterKey) {
    /** The app that asks for no signatures. */
    static final App OPEN = told("open");
    /** The app that asks for signatures of all it can. */
    static final App SIGNED = told("signed");
    /** The app on a server that may be stopped and started again. */
    static final App LASTING = told("lasting");

    private static App told(String name) {
        return new App(
                System.getProperty("parlance." + name + ".base"),
                System.getProperty("parlance." + name + ".id"),
                System.getProperty("parlance." + name + ".key"),
                System.getProperty("parlance." + name + ".master"));
    }

    /** The address of its sockets. */
    String socket() {
        return base.replaceFirst("^http", "ws") + "/";
    }
}
