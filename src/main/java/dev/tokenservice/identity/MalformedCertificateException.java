package dev.tokenservice.identity;

/** An attribute of a certificate that no sound certificate has. The message says which, and never repeats its value. */
public final class MalformedCertificateException extends IllegalArgumentException {

    public MalformedCertificateException(String message) {
        super(message);
    }
}
