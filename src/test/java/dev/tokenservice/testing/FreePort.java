package dev.tokenservice.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for what is started after its port has to be known.
 *
 * <p>They are below those that Linux gives to whoever asks for any (32768 to 60999), connections of clients among them:
 * one of those can be taken by another test before it is used here.
 */
public final class FreePort {

    private static final int FIRST = 12_000;
    private static final int LAST = 32_000;

    private FreePort() {}

    /** A port that nobody listens on. */
    public static int find() {
        for (int tries = 0; tries < 100; tries++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port from " + FIRST + " to " + LAST);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
