package dev.tokenservice.doctor;

import dev.tokenservice.files.RegularFile;
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.tls.AdminTls;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether others can read the private keys and the PIN that the settings name. */
record KeyFileWarnings(ConfigurationSections settings) {

    Stream<Finding> all() {
        return Stream.concat(keyFiles(), pin());
    }

    /** Cloud Run mounts secrets for everyone to read, and runs nobody else on the machine. */
    private Stream<Finding> keyFiles() {
        String exposed = privateKeys().stream()
                .filter(RegularFile::isReadableByOthers)
                .map(Path::toString)
                .collect(Collectors.joining(" "));
        return exposed.isEmpty() ? Stream.empty() : Stream.of(readable("these private keys", exposed));
    }

    private Stream<Finding> pin() {
        return settings
                .signing()
                .exposedPin()
                .map(file -> readable("the PIN of SIGNING_PKCS11", file.toString()))
                .stream();
    }

    private Finding readable(String what, String files) {
        return new Finding(
                CheckName.KEY_FILES.toString(),
                settings.platform().cloudRun() ? Result.WARN : Result.FAIL,
                "every user of this machine can read " + what + ": " + files,
                "chmod 0400 " + files + ", or set defaultMode 0440 if it is a volume of Kubernetes");
    }

    /** Returns the files with private keys. A folder that cannot be read is told by who reads it. */
    List<Path> privateKeys() {
        Stream<Path> signing;
        try {
            signing = settings.signing().keyFiles(settings.iam()).stream();
        } catch (UnusableFileException e) {
            signing = Stream.empty();
        }
        return Stream.of(
                        settings.authentication().tls().keyFile().stream(),
                        settings.server().adminTls().map(AdminTls::privateKey).stream(),
                        signing)
                .flatMap(files -> files)
                .toList();
    }
}
