package dev.tokenservice.authentication;

import dev.tokenservice.tls.TlsFactory;
import java.util.Map;
import java.util.Set;

/**
 * Makes a certificate source of the settings. Found by {@link java.util.ServiceLoader}, so that a site adds a flow of its
 * own with a jar on the class path.
 */
public interface CertificateSourceFactory {

    /** The flow's name in {@code AUTH_FLOWS} and in the claim {@code amr}. */
    String flow();

    /**
     * The headers that it may believe, which nobody but a proxy may send; none where it reads the TLS connection.
     *
     * @param names the settings
     */
    Set<String> headers(HeaderNames names);

    /**
     * The settings that the flow cannot do without, by their names below {@code authentication}, with what they must be.
     *
     * @param names the settings of headers
     * @param tls the settings of TLS and trust
     */
    default Map<String, String> missing(HeaderNames names, TlsFactory tls) {
        return Map.of();
    }

    /** Makes the source. */
    CertificateSource build(SourceSettings settings);
}
