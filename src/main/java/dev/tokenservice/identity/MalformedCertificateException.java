package dev.tokenservice.identity;

/**
 * An attribute of a certificate that no sound certificate has. The message says which; where it repeats a value, quoted and cut,
 * it is for the log only.
 */
public final class MalformedCertificateException extends IllegalArgumentException {

    public MalformedCertificateException(String message) {
        super(message);
    }
}
