package dev.tokenservice.identity;

/**
 * An attribute of a certificate that no valid certificate has. The message says which; where it repeats a value, quoted and
 * cut,
 * it is for the log only.
 */
public final class MalformedCertificateException extends RuntimeException {

    /** Without a stack trace: a client decides how many there are. */
    public MalformedCertificateException(String message) {
        super(message, null, false, false);
    }
}
