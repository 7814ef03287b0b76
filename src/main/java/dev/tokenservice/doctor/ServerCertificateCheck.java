package dev.tokenservice.doctor;

import dev.tokenservice.oauth.Quoted;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** Whether a client finds the service, and accepts its certificate, and for how long. */
final class ServerCertificateCheck {

    private static final Set<String> CURRENT_PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3", "unknown");
    private static final int LONGEST_NAME = 300;
    private static final int DAYS_TO_RENEW = 15;

    private final RemoteService service;
    private final ClientFiles files;
    private final RemotePlatform platform;
    private final Clock clock;
    private final Findings findings;

    ServerCertificateCheck(
            RemoteService service, ClientFiles files, RemotePlatform platform, Clock clock, Findings findings) {
        this.service = service;
        this.files = files;
        this.platform = platform;
        this.clock = clock;
        this.findings = findings;
    }

    /** Returns whether a client would go on: an expired certificate, or another host's, is the client's to refuse. */
    boolean run() {
        InetAddress address;
        try {
            address = InetAddress.getByName(service.host());
        } catch (UnknownHostException e) {
            findings.fail(CheckName.DNS, service.host() + " has no address", platform.dnsRecord(service.host()));
            findings.skip("there is no address", CheckName.CONNECTION, CheckName.TLS, CheckName.TLS_EXPIRY);
            return false;
        }
        findings.ok(CheckName.DNS, service.host() + " has the address " + address.getHostAddress());
        return connect(address);
    }

    private boolean connect(InetAddress address) {
        String place = "port " + service.port() + " of " + address.getHostAddress();
        try {
            ServerHandshake handshake = ServerHandshake.with(service, address);
            findings.ok(CheckName.CONNECTION, place + " answers");
            return service.encrypted() ? examine(handshake) : unencrypted();
        } catch (IOException e) {
            findings.fail(CheckName.CONNECTION, place + " does not answer: " + e.getMessage(), connectionRemedy());
            findings.skip("there is no connection", CheckName.TLS, CheckName.TLS_EXPIRY);
            return false;
        }
    }

    private boolean unencrypted() {
        findings.warn(CheckName.TLS, service.url() + " is not encrypted: use it on this machine only", "use https");
        findings.skip(service.url() + " is not encrypted", CheckName.TLS_EXPIRY);
        return true;
    }

    private boolean examine(ServerHandshake handshake) {
        if (handshake.chain().isEmpty()) {
            findings.fail(
                    CheckName.TLS,
                    "the server presents no certificate",
                    platform.choose(
                            "check that the certificate is active: gcloud compute ssl-certificates describe token-service",
                            "check that the server speaks TLS on port " + service.port()
                                    + ": openssl s_client -connect " + service.host() + ":" + service.port()));
            findings.skip("the server presents no certificate", CheckName.TLS_EXPIRY);
            return false;
        }
        boolean accepted = accept(handshake);
        expiry(handshake.chain().get(0));
        return accepted;
    }

    private boolean accept(ServerHandshake handshake) {
        X509Certificate own = handshake.chain().get(0);
        String evidence = handshake.protocol() + "; subject "
                + Quoted.bare(own.getSubjectX500Principal().getName(), LONGEST_NAME) + ", issuer "
                + Quoted.bare(own.getIssuerX500Principal().getName(), LONGEST_NAME);
        if (isExpired(own)) {
            findings.fail(CheckName.TLS, "the certificate expired: " + evidence, renewal());
        } else if (!isTrusted(handshake)) {
            findings.fail(
                    CheckName.TLS,
                    "no trusted authority issued the certificate: " + evidence,
                    "serve the certificate with its intermediate authorities, or name your own authority with --cacert FILE");
        } else if (!handshake.isFor(service.host())) {
            findings.fail(
                    CheckName.TLS,
                    "the certificate is for another host: " + evidence,
                    "get a certificate for " + service.host()
                            + platform.choose(
                                    ": gcloud compute ssl-certificates create token-service --domains=" + service.host()
                                            + " --global",
                                    ", with the host as a DNS name or IP address among its subject alternative names"));
        } else if (!CURRENT_PROTOCOLS.contains(handshake.protocol())) {
            findings.warn(CheckName.TLS, evidence, "let the server speak TLS 1.2 and 1.3 only");
            return true;
        } else {
            findings.ok(CheckName.TLS, evidence);
            return true;
        }
        return false;
    }

    private boolean isTrusted(ServerHandshake handshake) {
        try {
            X509Certificate[] chain = handshake.chain().toArray(X509Certificate[]::new);
            // The kind of key exchange, as TLS 1.3 has one for all keys.
            files.trust().checkServerTrusted(chain, "UNKNOWN");
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    private boolean isExpired(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant().isBefore(clock.instant());
    }

    private void expiry(X509Certificate certificate) {
        Instant end = certificate.getNotAfter().toInstant();
        long days = Duration.between(clock.instant(), end).toDays();
        if (isExpired(certificate)) {
            findings.fail(CheckName.TLS_EXPIRY, "the server's certificate expired at " + end, renewal());
        } else if (days < DAYS_TO_RENEW) {
            findings.warn(
                    CheckName.TLS_EXPIRY,
                    "the server's certificate has " + days + " days left, until " + end,
                    renewal());
        } else {
            findings.ok(CheckName.TLS_EXPIRY, "the server's certificate has " + days + " days left");
        }
    }

    private String renewal() {
        return "renew the certificate, or find out why it was not renewed"
                + platform.choose(": gcloud compute ssl-certificates describe token-service", "");
    }

    private String connectionRemedy() {
        return platform.choose(
                "check that a forwarding rule leads there: gcloud compute forwarding-rules describe token-service-https"
                        + " --global",
                "check that the load balancer or the service listens on that port, and that no firewall is between");
    }
}
