package dev.tokenservice.signing.pkcs11;

import dev.tokenservice.files.UnusableFileException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks a token periodically, and opens it again after it was lost. */
final class TokenWatch {

    private static final Logger LOG = LoggerFactory.getLogger(TokenWatch.class);

    /** The time between two checks of an idle token. */
    private static final Duration PERIOD = Duration.ofSeconds(5);

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(15);

    private final HardwareToken token;
    private final Pkcs11Uri uri;

    TokenWatch(HardwareToken token, Pkcs11Uri uri) {
        this.token = token;
        this.uri = uri;
    }

    void start() {
        Thread thread = new Thread(this::run, "pkcs11-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                token.awaitLoss(PERIOD);
                token.look();
                if (token.problem().isPresent()) {
                    bringBack();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("the token is no longer watched", e);
        }
    }

    private void bringBack() throws InterruptedException {
        LOG.error(
                "the token of SIGNING_PKCS11 is lost, and the service issues no tokens until it is back: {}",
                token.problem().orElse(""));
        Duration backoff = FIRST_BACKOFF;
        while (!isBack()) {
            Thread.sleep(backoff.toMillis());
            Duration longer = backoff.multipliedBy(2);
            backoff = longer.compareTo(LONGEST_BACKOFF) < 0 ? longer : LONGEST_BACKOFF;
        }
        LOG.info("the token of SIGNING_PKCS11 is back");
    }

    private boolean isBack() throws InterruptedException {
        try {
            String pin = uri.pin();
            try {
                token.reconnect();
                return true;
            } catch (TokenException e) {
                if (e.isOfPin()) {
                    awaitOtherPin(pin);
                }
                return false;
            }
        } catch (UnusableFileException e) {
            LOG.warn("SIGNING_PKCS11: {}", e.getMessage());
            return false;
        }
    }

    /** Waits for a new PIN, because a token locks after some wrong ones. */
    private void awaitOtherPin(String wrong) throws InterruptedException {
        LOG.error(
                "the token of SIGNING_PKCS11 refuses the PIN of {}, and locks after more attempts: the service tries again when the "
                        + "file has changed",
                uri.pinFile());
        while (uri.pin().equals(wrong)) {
            Thread.sleep(FIRST_BACKOFF.toMillis());
        }
    }
}
