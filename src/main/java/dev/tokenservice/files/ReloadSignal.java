package dev.tokenservice.files;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SIGHUP: reads all watched files again, as {@link ReloadTask} does, and logs one line for each. */
public final class ReloadSignal {

    private static final Logger LOG = LoggerFactory.getLogger(ReloadSignal.class);
    private static final Path STANDARD_INPUT = Path.of("/proc/self/fd/0");
    private static final Pattern TERMINAL = Pattern.compile("/dev/(?:pts/.+|tty.*|console)");

    private final WatchedFiles files;

    public ReloadSignal(WatchedFiles files) {
        this.files = files;
    }

    /**
     * Handles the signal from now on. Where standard input is a terminal it keeps its first meaning: the terminal is closed,
     * and the process ends.
     */
    public void handle() {
        if (isTerminal(STANDARD_INPUT)) {
            return;
        }
        try {
            // By name, because the compiler warns of this class, and no annotation can suppress that.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object reload =
                    Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {handler}, (proxy, call, of) -> {
                        reload();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), reload);
        } catch (ReflectiveOperationException e) {
            LOG.warn("SIGHUP ends the service, because this JVM does not pass signals on (java -Xrs); use "
                    + "/tasks/reload");
        }
    }

    /** Returns whether a link of Linux to an open file leads to a terminal; on other systems always, as nothing tells. */
    static boolean isTerminal(Path link) {
        try {
            return TERMINAL.matcher(Files.readSymbolicLink(link).toString()).matches();
        } catch (IOException e) {
            return true;
        }
    }

    private void reload() {
        List<Reload> reloads = files.reload();
        if (reloads.isEmpty()) {
            LOG.info("SIGHUP: the service watches no files");
        }
        for (Reload reload : reloads) {
            if (reload.isRefused()) {
                LOG.error("SIGHUP: {}: the previous version stays in force", reload);
            } else {
                LOG.info("SIGHUP: {}", reload);
            }
        }
    }
}
