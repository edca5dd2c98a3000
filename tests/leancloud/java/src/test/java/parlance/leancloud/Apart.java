package parlance.leancloud;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Loads LeanCloud's SDK once more. All that the SDK knows it keeps in static fields: its one connection, its options,
 * its clients. Loaded apart, it is another device.
 */
final class Apart extends ClassLoader {
    private static final List<String> APART =
            List.of("cn.leancloud.", "com.alibaba.fastjson.", "retrofit2.converter.fastjson.", "parlance.leancloud.inside.");

    Apart() {
        super(Apart.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (APART.stream().noneMatch(name::startsWith)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream found = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (found == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] code = found.readAllBytes();
            return defineClass(name, code, 0, code.length);
        } catch (IOException failure) {
            throw new ClassNotFoundException(name, failure);
        }
    }
}
