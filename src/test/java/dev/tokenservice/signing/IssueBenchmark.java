package dev.tokenservice.signing;

import dev.tokenservice.bench.CpuTime;
import dev.tokenservice.cryptography.NativeCryptography;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.policy.Decision;
import dev.tokenservice.policy.Profile;
import dev.tokenservice.policy.RelyingParty;
import dev.tokenservice.token.IdTokenIssuer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a token costs beyond its signature, in processor time of one thread: {@code scripts/bench --issue}. Rounds of tokens and of
 * raw signatures by the same provider, with the same key and over as many bytes, take turns. So what else the machine does meets
 * both alike.
 */
final class IssueBenchmark {

    private static final int ROUNDS = 11;
    private static final long WARM_UP_NANOS = Duration.ofSeconds(3).toNanos();
    private static final long ROUND_NANOS = Duration.ofMillis(100).toNanos();

    /** Something whose time is measured. */
    private interface Operation {
        int run() throws GeneralSecurityException;
    }

    private int unused;

    private IssueBenchmark() {}

    /** Prints a row of a table for each algorithm; takes the folder with the keys. */
    public static void main(String[] arguments) throws GeneralSecurityException {
        NativeCryptography cryptography = new NativeCryptography();
        String provider = cryptography
                .loaded()
                .join()
                .map(found -> "Corretto")
                .orElse("JDK " + Runtime.version().feature());
        SigningFactory settings = new SigningFactory();
        KeyRing ring = new KeyFolder(Path.of(arguments[0]), settings.keyFiles(), Clock.systemUTC()).read();
        LocalKeys keys = new LocalKeys(
                () -> ring,
                () -> UploadedParties.NONE,
                settings.periods(Duration.ofMinutes(5)),
                cryptography,
                Clock.systemUTC());
        for (String algorithm : SigningKey.ALGORITHMS) {
            new IssueBenchmark().run(provider, algorithm, LocalSigner.of(algorithm, keys));
        }
    }

    private void run(String provider, String algorithm, LocalSigner signer) throws GeneralSecurityException {
        IdTokenIssuer issuer = new IdTokenIssuer(signer, Duration.ofMinutes(5), Clock.systemUTC());
        String token = issue(issuer);
        byte[] input = token.substring(0, token.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII);
        SigningKey key = signer.active(algorithm);
        Operation tokens = () -> issue(issuer).length();
        Operation signatures = () -> sign(key, input).length;
        time(signatures, WARM_UP_NANOS);
        time(tokens, WARM_UP_NANOS);
        double[] raw = new double[ROUNDS];
        double[] whole = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            raw[i] = time(signatures, ROUND_NANOS);
            whole[i] = time(tokens, ROUND_NANOS);
        }
        double signature = CpuTime.median(raw);
        double all = CpuTime.median(whole);
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.0f | %.0f | %.0f | %.2f |%n",
                provider,
                algorithm,
                signature,
                all,
                all - signature,
                all / signature);
    }

    private static String issue(IdTokenIssuer issuer) {
        ClientCertificate certificate = ClientCertificate.ofUris(
                List.of("spiffe://example.com/bench"),
                List.of("bench.example.com"),
                Optional.of("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"),
                Optional.of("01:23:45"),
                Optional.empty(),
                Optional.empty());
        return issuer.issue(
                        new ClientPrincipal("spiffe://example.com/bench", "flow", "default", certificate),
                        "https://token-service.example.com",
                        new Decision(
                                RelyingParty.of("default", "https://api.example.com", Profile.GENERIC),
                                false,
                                "spiffe://example.com/bench",
                                Optional.empty()),
                        Deadline.after(Deadline.OF_A_REQUEST))
                .value();
    }

    private static byte[] sign(SigningKey key, byte[] input) throws GeneralSecurityException {
        String name = key.algorithm().getId().equals("RS256") ? "SHA256withRSA" : "SHA256withECDSA";
        Signature signature = key.provider().isPresent()
                ? Signature.getInstance(name, key.provider().get())
                : Signature.getInstance(name);
        signature.initSign(key.privateKey());
        signature.update(input);
        return signature.sign();
    }

    /** Microseconds of processor time that one run takes. */
    private double time(Operation operation, long nanos) throws GeneralSecurityException {
        long begin = CpuTime.now();
        long now = begin;
        int runs = 0;
        while (now - begin < nanos) {
            for (int i = 0; i < 10; i++) {
                unused += operation.run();
            }
            runs += 10;
            now = CpuTime.now();
        }
        return (now - begin) / 1000.0 / runs;
    }
}
