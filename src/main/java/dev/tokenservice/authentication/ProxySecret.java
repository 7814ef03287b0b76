package dev.tokenservice.authentication;

import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * A secret that the proxy sends in a header of its own. Two are accepted while the one replaces the other.
 *
 * <p>Digests of equal length are compared, all of them and each to its end, so that the time taken tells nothing: neither
 * how much of a guess is right, nor how long the secret is, nor which of them it was.
 */
final class ProxySecret implements ProxyProof {

    private final String header;
    private final List<byte[]> digests;

    ProxySecret(String header, List<String> secrets) {
        this.header = header;
        this.digests = secrets.stream().map(ProxySecret::digest).toList();
    }

    @Override
    public void check(RequestHeaders headers, Connection connection) {
        byte[] sent = digest(headers.single(header)
                .orElseThrow(() -> refused(header + " (PROXY_SECRET_HEADER) is missing: let the load balancer "
                        + "set it to the secret of PROXY_SECRET")));
        boolean known = false;
        for (byte[] digest : digests) {
            known |= MessageDigest.isEqual(digest, sent);
        }
        if (!known) {
            throw refused(header
                    + " (PROXY_SECRET_HEADER) does not hold the secret of PROXY_SECRET: give both sides the same");
        }
    }

    @Override
    public String setting() {
        return "PROXY_SECRET";
    }

    private static RefusedException refused(String detail) {
        return Refusal.because(ReasonCode.PROXY_NOT_PROVEN, ProxyTrust.REFUSAL)
                .detail("header " + detail)
                .exception();
    }

    private static byte[] digest(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
