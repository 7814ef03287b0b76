package dev.tokenservice.authentication;

import dev.tokenservice.identity.ClientIdAttribute;
import java.util.Set;

/**
 * Makes a certificate source, and has its settings. Found by {@link java.util.ServiceLoader}, so that a site adds a flow of its
 * own with a jar on the class path.
 *
 * <p>A factory with settings has the annotation {@link dev.tokenservice.configuration.SettingsGroup}, with the group below
 * {@code authentication} that they stand in, and declares each on a field with
 * {@link dev.tokenservice.configuration.Variable}. They are validated before the other methods are called.
 */
public interface CertificateSourceFactory {

    /** The flow's name in {@code AUTH_FLOWS} and in the claim {@code amr}. */
    String flow();

    /** Returns the headers that it may believe, which nobody but a proxy may send; none if it reads the TLS connection. */
    Set<String> headers();

    /** Returns the best evidence that the flow can have, so that settings that would refuse every client stop the start-up. */
    default Evidence.Kind best() {
        return Evidence.Kind.VOUCHED_FOR;
    }

    /**
     * Returns whether the flow can tell of an attribute, so that a start with a client id which no client could have is
     * refused.
     */
    default boolean canTell(ClientIdAttribute attribute) {
        return best() != Evidence.Kind.SUMMARY || attribute.isInSummaries();
    }

    CertificateSource build();
}
