package dev.tokenservice.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A PKCS#11 token of SoftHSM2 in a folder, with keys that are created as the page on keys says. */
public final class SoftToken {

    private static final String LABEL = "token service";
    private static final String PIN = "2468";

    /** Where Debian and others have it. */
    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib64/pkcs11/libsofthsm2.so"),
            Path.of("/usr/lib64/softhsm/libsofthsm2.so"));

    private final Path folder;
    private final Path library;

    private SoftToken(Path folder, Path library) {
        this.folder = folder;
        this.library = library;
    }

    /** Makes one without keys. Skips the test, and says so, where SoftHSM2 or OpenSC is not installed. */
    public static SoftToken make(Path folder) throws IOException {
        Programs.require("softhsm2-util");
        Programs.require("pkcs11-tool");
        Programs.require("openssl");
        Path library = LIBRARIES.stream().filter(Files::exists).findFirst().orElse(folder);
        Programs.require(library != folder, "libsofthsm2.so is not where it is looked for");
        SoftToken token = new SoftToken(folder, library);
        Files.createDirectory(token.tokens());
        Files.writeString(folder.resolve("softhsm2.conf"), "directories.tokendir = " + token.tokens() + "\n");
        Files.writeString(token.pinFile(), PIN + "\n");
        token.run("softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", PIN);
        return token;
    }

    private Path tokens() {
        return folder.resolve("tokens");
    }

    private Path away() {
        return folder.resolve("away");
    }

    public Path pinFile() {
        return folder.resolve("pin");
    }

    /** Creates a key of the type {@code rsa:2048} or {@code EC:prime256v1}, say. */
    public SoftToken key(String label, String id, String type) {
        String function = MarkdownPage.read("docs/keys.md")
                .section("Create keys in a token")
                .blocks("sh")
                .get(0);
        return run("bash", "-euc", function + "create_key \"$@\"", "bash", label, id, type);
    }

    /** Imports a key that was made elsewhere, and may leave the token again. */
    public SoftToken importedKey(String label, String id) {
        String script = "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -outform DER -out key.der;"
                + "openssl req -x509 -key key.der -keyform DER -subj /CN=imported -outform DER -out cert.der;"
                + "tool=(pkcs11-tool --module \"$MODULE\" --token-label \"$TOKEN\" --login --pin env:PIN --label \"$1\" --id \"$2\");"
                + "\"${tool[@]}\" --write-object key.der --type privkey --extractable;"
                + "\"${tool[@]}\" --write-object cert.der --type cert";
        return run("bash", "-euc", script, "bash", label, id);
    }

    private SoftToken run(String... command) {
        Map<String, String> variables = new HashMap<>(environment());
        variables.putAll(Map.of("MODULE", library.toString(), "TOKEN", LABEL, "PIN", PIN));
        Command ended = Command.run(folder, variables, List.of(command));
        if (ended.status() != 0) {
            throw new IllegalStateException(ended.output() + ended.complaint());
        }
        return this;
    }

    /** What leads the library to this token. */
    public Map<String, String> environment() {
        return Map.of("SOFTHSM2_CONF", folder.resolve("softhsm2.conf").toString());
    }

    /** The value of the setting; attributes such as {@code ";object=x"} come after the label of the token. */
    public String uri(String attributes) {
        return "pkcs11:token=token%20service" + attributes + "?module-path=" + library + "&pin-source=" + pinFile();
    }

    /** Takes the token out. */
    public void takeAway() throws IOException {
        Files.move(tokens(), away());
        Files.createDirectory(tokens());
    }

    /** Puts it in again. */
    public void bringBack() throws IOException {
        Files.delete(tokens());
        Files.move(away(), tokens());
    }

    /** Has the library wait for whoever would write to a pipe, with the next signature. */
    public void hang() throws IOException {
        Path state = state();
        Files.move(state, away());
        run("mkfifo", state.toString());
    }

    /** Has it answer again. */
    public void release() throws IOException {
        Path state = state();
        Files.delete(state);
        Files.move(away(), state);
    }

    private Path state() throws IOException {
        try (Stream<Path> files = Files.list(tokens())) {
            return files.findFirst().orElseThrow().resolve("generation");
        }
    }
}
