package dev.tokenservice.mtls;

/**
 * Makes a certificate source of the settings. Found by {@link java.util.ServiceLoader}, so that a site adds a flow of its
 * own with a jar on the class path.
 */
public interface CertificateSourceFactory {

    /** The flow's name in {@code AUTH_FLOWS}. */
    String flow();

    /** Makes the source. */
    CertificateSource build(HeaderNames headers);
}
