package dev.tokenservice.mtls;

import java.util.Set;

/**
 * Makes a certificate source of the settings. Found by {@link java.util.ServiceLoader}, so that a site adds a flow of its
 * own with a jar on the class path.
 */
public interface CertificateSourceFactory {

    /** The flow's name in {@code AUTH_FLOWS}. */
    String flow();

    /**
     * The headers that it may believe, which nobody but a proxy may send; none where it reads the TLS connection.
     *
     * @param names the settings
     */
    Set<String> headers(HeaderNames names);

    /** Makes the source. */
    CertificateSource build(SourceSettings settings);
}
