package dev.tokenservice.signing.pkcs11;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A PKCS#11 token that can be lost and found again. Only {@link #connect} and {@link #sign} wait for it, each for a limited
 * time. Thread-safe.
 */
public final class HardwareToken implements TokenSignatures {

    /** The longest time for a signature, or for reading the keys. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The longest time for the first answer of a new process. */
    private static final Duration FIRST_PATIENCE = Duration.ofSeconds(15);

    /**
     * The largest number of signatures in flight. The other threads of the server stay free for requests without a signature.
     */
    static final int IN_FLIGHT = 256;

    private final Pkcs11Uri uri;
    private final Semaphore permits = new Semaphore(IN_FLIGHT);
    private final Semaphore losses = new Semaphore(0);
    private volatile State state;

    /**
     * The state at one time.
     *
     * @param process the process with the library; empty while the token is lost
     * @param keys the keys that were last read
     * @param problem why the token is lost
     */
    private record State(Optional<LibraryProcess> process, List<TokenKey> keys, TokenException problem) {}

    private HardwareToken(Pkcs11Uri uri, State state) {
        this.uri = uri;
        this.state = state;
    }

    /**
     * Opens the token, and then watches it.
     *
     * @throws TokenException if it cannot be opened
     */
    public static HardwareToken connect(Pkcs11Uri uri) throws TokenException {
        HardwareToken token = new HardwareToken(uri, new State(Optional.empty(), List.of(), notOpen()));
        token.reconnect();
        new TokenWatch(token, uri).start();
        return token;
    }

    private static TokenException notOpen() {
        return new TokenException("the token is not open");
    }

    /** Returns the keys that were last read; the same list object until they change. */
    public List<TokenKey> keys() {
        return state.keys();
    }

    /** Returns why the token is lost; empty while it is not. */
    public Optional<String> problem() {
        State now = state;
        return now.process().isPresent()
                ? Optional.empty()
                : Optional.of(now.problem().problem());
    }

    @Override
    public byte[] sign(String algorithm, String label, byte[] data) throws TokenException {
        State now = state;
        LibraryProcess process = now.process().orElseThrow(now::problem);
        if (!permits.tryAcquire()) {
            throw new TokenException(IN_FLIGHT + " signatures are in flight");
        }
        try {
            return process.ask(Message.SIGN, List.of(Message.bytes(algorithm), Message.bytes(label), data), PATIENCE)
                    .get(0);
        } catch (TokenException e) {
            lose(process, e);
            throw e;
        } finally {
            permits.release();
        }
    }

    /** Checks that the token answers, and reads its keys. */
    void look() {
        Optional<LibraryProcess> process = state.process();
        if (process.isPresent()) {
            try {
                List<TokenKey> found = keys(process.get(), PATIENCE);
                synchronized (this) {
                    if (isCurrent(process.get())) {
                        keep(process.get(), found);
                    }
                }
            } catch (TokenException e) {
                lose(process.get(), e);
            }
        }
    }

    /** Starts a process, and opens the token in it. */
    void reconnect() throws TokenException {
        LibraryProcess process = LibraryProcess.start(uri);
        try {
            keep(process, keys(process, FIRST_PATIENCE));
        } catch (TokenException e) {
            process.close();
            state = new State(Optional.empty(), state.keys(), e);
            throw e;
        }
    }

    private synchronized void keep(LibraryProcess process, List<TokenKey> keys) {
        state = new State(Optional.of(process), keys.equals(state.keys()) ? state.keys() : keys, notOpen());
    }

    /** Several requests can notice the same loss, and a late one that of a process that has been replaced. */
    private synchronized void lose(LibraryProcess process, TokenException reason) {
        if (isCurrent(process)) {
            state = new State(Optional.empty(), state.keys(), reason);
            losses.release();
        }
        process.close();
    }

    private boolean isCurrent(LibraryProcess process) {
        return state.process().filter(process::equals).isPresent();
    }

    /** Waits until the token is lost, or for a time. */
    void awaitLoss(Duration time) throws InterruptedException {
        if (losses.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS)) {
            losses.drainPermits();
        }
    }

    private static List<TokenKey> keys(LibraryProcess process, Duration patience) throws TokenException {
        List<byte[]> fields = process.ask(Message.KEYS, List.of(), patience);
        List<TokenKey> keys = new ArrayList<>();
        for (int i = 0; i < fields.size(); i += 3) {
            keys.add(TokenKey.of(new Message(0, Message.KEYS, fields.subList(i, i + 3))));
        }
        return List.copyOf(keys);
    }
}
