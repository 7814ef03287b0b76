package dev.tokenservice.doctor;

import dev.tokenservice.files.RegularFile;
import dev.tokenservice.signing.SigningKeyException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether only the service can read the files with private keys. */
final class KeyFileCheck {

    private final Settings settings;

    KeyFileCheck(Settings settings) {
        this.settings = settings;
    }

    void run(Findings findings) {
        List<Path> files = Stream.concat(settings.authentication().tls().keyFile().stream(), signingKeys())
                .toList();
        String exposed = files.stream()
                .filter(RegularFile::isReadableByOthers)
                .map(Path::toString)
                .collect(Collectors.joining(" "));
        if (files.isEmpty()) {
            findings.skip("no file holds a private key", Check.KEY_FILES);
        } else if (exposed.isEmpty()) {
            findings.ok(Check.KEY_FILES, files.size() + " files with private keys, which other users cannot read");
        } else {
            found(exposed, findings);
        }
    }

    /** Cloud Run mounts secrets for everyone to read, and runs nobody else on the machine. */
    private void found(String exposed, Findings findings) {
        String evidence = "every user of this machine can read these private keys: " + exposed;
        String remedy = "chmod 0400 " + exposed + ", or defaultMode 0440 where it is a volume of Kubernetes";
        if (settings.cloudRun()) {
            findings.warn(Check.KEY_FILES, evidence, remedy);
        } else {
            findings.fail(Check.KEY_FILES, evidence, remedy);
        }
    }

    /** A folder that cannot be read is told by the check of the signer. */
    private Stream<Path> signingKeys() {
        try {
            return settings.signing().keyFiles(settings.iam()).stream();
        } catch (SigningKeyException e) {
            return Stream.empty();
        }
    }
}
