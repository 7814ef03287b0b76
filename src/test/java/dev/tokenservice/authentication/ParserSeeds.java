package dev.tokenservice.authentication;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenservice.testing.KeyForm;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.util.io.pem.PemObject;

/** Inputs of {@link ParsersFuzzTest} that are made when they are needed, as no repository should keep private keys. */
final class ParserSeeds {

    private static final TestAuthority ROOT = TestAuthority.root("Root CA");
    private static final Identity EC = ROOT.server();
    private static final Identity RSA = ROOT.leaf("server").rsa(2048).issue();

    private ParserSeeds() {}

    /** By the name of the target, and then by a name of their own. */
    static Map<String, Map<String, byte[]>> all() throws IOException {
        Map<String, Map<String, byte[]>> seeds = new TreeMap<>();
        seeds.put("privateKey", privateKeys());
        seeds.put("pemFile", texts(pemFiles()));
        seeds.put(
                "yamlText",
                Map.of(
                        "documented",
                        Files.readAllBytes(Path.of("config.yml")),
                        "odd",
                        "token: {validity: 010}".getBytes(UTF_8)));
        seeds.put("requestId", texts(List.of("4bf92f35-77b3.4da6_a3ce")));
        seeds.put(
                "accept",
                texts(List.of("text/html;q=0.9, application/json;q=0.8, */*;q=0", "application/*;v=\"a,b\"")));
        seeds.put("contentType", texts(List.of("application/x-www-form-urlencoded; charset=\"UTF-8\"")));
        seeds.put(
                "handshakeReason",
                texts(
                        List.of(
                                "Received fatal alert: bad_certificate\nBroken pipe",
                                "Illegal server name, type=host_name(0), name=a_b, value={615F62}\nsize of the handshake message")));
        return seeds;
    }

    private static Map<String, byte[]> privateKeys() throws IOException {
        Map<String, byte[]> keys = new TreeMap<>();
        for (KeyForm form : KeyForm.values()) {
            keys.put(form.name(), form.pem((form.isRsa() ? RSA : EC).key()).getBytes(UTF_8));
        }
        return keys;
    }

    private static List<String> pemFiles() throws IOException {
        PemObject curve = KeyForm.parameters(X9ObjectIdentifiers.prime256v1);
        return List.of(
                "an explanation\n" + TestAuthority.pem(EC.certificate(), ROOT.certificate(), curve),
                KeyForm.RSA_PKCS1_ENCRYPTED.pem(RSA.key()).replace("\n", " \r\n"),
                "\uFEFF"
                        + TestAuthority.pem(ROOT.revoke(Duration.ofHours(1), EC.certificate()))
                                .replace("\n", "\r"));
    }

    private static Map<String, byte[]> texts(List<String> texts) {
        Map<String, byte[]> named = new TreeMap<>();
        texts.forEach(text -> named.put("seed-" + named.size(), text.getBytes(UTF_8)));
        return named;
    }

    /** Writes each into a folder with the name of its target. */
    public static void main(String[] arguments) throws IOException {
        for (Map.Entry<String, Map<String, byte[]>> target : all().entrySet()) {
            Path folder = Files.createDirectories(Path.of(arguments[0], target.getKey()));
            for (Map.Entry<String, byte[]> seed : target.getValue().entrySet()) {
                Files.write(folder.resolve(seed.getKey()), seed.getValue());
            }
        }
    }
}
