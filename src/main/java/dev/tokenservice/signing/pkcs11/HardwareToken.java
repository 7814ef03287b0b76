package dev.tokenservice.signing.pkcs11;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A token that may be lost, and come back. Only {@link #connect} and {@link #sign} wait for it, and both for a limited time. Safe
 * for use by many threads.
 */
public final class HardwareToken implements TokenSignatures {

    /** How long a signature, or a look at the keys, may take. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A process that has just been started needs longer for its first answer. */
    private static final Duration FIRST_PATIENCE = Duration.ofSeconds(15);

    /** One request has one signature in flight. The others of the server's threads stay free for what needs no signature. */
    static final int IN_FLIGHT = 256;

    private final Pkcs11Uri uri;
    private final Semaphore permits = new Semaphore(IN_FLIGHT);
    private final Semaphore losses = new Semaphore(0);
    private volatile State state;

    /**
     * What is known at one moment.
     *
     * @param process the process with the library; empty where the token is lost
     * @param keys the keys that were there last
     * @param problem why it is lost
     */
    private record State(Optional<LibraryProcess> process, List<TokenKey> keys, TokenException problem) {}

    private HardwareToken(Pkcs11Uri uri, State state) {
        this.uri = uri;
        this.state = state;
    }

    /**
     * Opens the token for the first time, and watches it from then on.
     *
     * @throws TokenException when it cannot be opened
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

    /** The keys that were there last; the same list until others are there. */
    public List<TokenKey> keys() {
        return state.keys();
    }

    /** Why the token is lost; empty where it is not. */
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

    /** Looks whether the token is still there, and which keys it has. */
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

    /** Several requests may notice the same loss, and late ones that of a process that has been replaced. */
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

    /** Returns once the token is lost, or after a time. */
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
