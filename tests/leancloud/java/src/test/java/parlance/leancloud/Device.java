package parlance.leancloud;

/** Makes devices. */
final class Device {
    private Device() {}

    /** A device with an SDK of its own. */
    static Sdk with(Options options) {
        try {
            Class<?> inside = Class.forName("parlance.leancloud.inside.SdkDevice", true, new Apart());
            return (Sdk) inside.getConstructor(Options.class).newInstance(options);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
