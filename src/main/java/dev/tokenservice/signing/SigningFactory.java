package dev.tokenservice.signing;

import com.google.common.base.Suppliers;
import dev.tokenservice.configuration.Description;
import dev.tokenservice.configuration.DurationText;
import dev.tokenservice.configuration.Durations;
import dev.tokenservice.configuration.FilePath;
import dev.tokenservice.configuration.Platform;
import dev.tokenservice.configuration.Variable;
import dev.tokenservice.files.FileReading;
import dev.tokenservice.files.Folder;
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.files.Watched;
import io.dropwizard.validation.OneOf;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings of {@code signing}: who signs, with which keys, and when keys rotate. */
@SelfValidating
public final class SigningFactory {

    private static final Logger LOG = LoggerFactory.getLogger(SigningFactory.class);
    private static final String IAM = "iam";
    private static final String AUTO = "auto";
    private static final String KEYS = "keys";

    @Variable("SIGNER")
    @Description("Who signs: iam, local or auto. auto is iam if K_SERVICE is set, else local.")
    @NotNull
    @OneOf(
            value = {AUTO, IAM, "local"},
            message = "must be auto, iam or local")
    String signer = AUTO;

    @Variable("SIGNING_ALGORITHM")
    @Description("RS256 or ES256. IAM signs only with RS256.")
    @NotNull
    @OneOf(
            value = {"RS256", "ES256"},
            message = "must be RS256 or ES256")
    String algorithm = "RS256";

    @Variable(value = "SIGNING_KEYS", mayBeEmpty = true)
    @Description("Folder with the local signing keys, PEM or JWK; docs/keys.md says which key signs. Changes are in "
            + "force within 3 s. If it is empty, the service makes a key at start-up, and loses it at shutdown.")
    @NotNull
    @FilePath(mayBeEmpty = true, message = "must be the path of a folder")
    String keys = "";

    @Variable(value = "SIGNING_KEYS_PASSWORD", secret = true)
    @Description("Password of encrypted signing keys.")
    String keysPassword = "";

    @Variable("SIGNING_KEYS_PASSWORD_FILE")
    @Description("File with this password, as an alternative: one line of at most 1024 characters.")
    @Nullable
    @FilePath
    String keysPasswordFile;

    @Variable(value = "SIGNING_PKCS11", secret = true)
    @Description("Keys in a PKCS#11 token, instead of SIGNING_KEYS: a URI (RFC 7512) with token or slot-id, object, "
            + "module-path and pin-source. See docs/keys.md.")
    @Nullable
    String pkcs11;

    @Variable("KEY_CACHE_TIME")
    @Description("How long relying parties cache the public keys. A key stays published for this time after its last "
            + "token expires. Set it to the longest cache time of your relying parties.")
    @NotNull
    @DurationText
    String keyCacheTime = "24h";

    @Variable("KEY_PUBLISH_LEAD")
    @Description("How long a key is published before 'keys rotate' without --every activates it. At least "
            + "KEY_CACHE_TIME.")
    @NotNull
    @DurationText
    String keyPublishLead = "7d";

    @SelfValidation
    public void validateKeys(ViolationCollector problems) {
        if (!keysPassword.isEmpty() && keysPasswordFile != null) {
            problems.addViolation("keysPasswordFile", "must not be set if SIGNING_KEYS_PASSWORD is set");
        }
        Optional.ofNullable(pkcs11)
                .flatMap(TokenSetting::problem)
                .ifPresent(problem -> problems.addViolation("pkcs11", problem));
        if (usesToken() && !keys.isEmpty()) {
            problems.addViolation(
                    "pkcs11", "must not be set if SIGNING_KEYS is set: the keys are in a folder or in a token");
        }
        Optional<Duration> cache = Durations.parse(keyCacheTime);
        if (cache.isPresent()
                && Durations.parse(keyPublishLead)
                        .filter(lead -> lead.compareTo(cache.get()) < 0)
                        .isPresent()) {
            problems.addViolation("keyPublishLead", "must be at least KEY_CACHE_TIME, which is " + keyCacheTime);
        }
    }

    /** Returns whether IAM signs. {@code auto} means IAM on Cloud Run, and a local key elsewhere. */
    public boolean isIam(Platform platform) {
        return signer.equals(IAM) || (signer.equals(AUTO) && platform.attachedServiceAccount());
    }

    public String algorithm() {
        return algorithm;
    }

    /** Returns whether the service makes a local key at start-up, which no replica shares. */
    public boolean makesKeyAtStart(boolean iam) {
        return !iam && keys.isEmpty() && pkcs11 == null;
    }

    public boolean usesToken() {
        return pkcs11 != null;
    }

    /** Returns the file with the PIN of the PKCS#11 token, if every user of the machine may read it. */
    public Optional<Path> exposedPin() {
        return token().flatMap(TokenSetting::exposedPin);
    }

    private Optional<TokenSetting> token() {
        return Optional.ofNullable(pkcs11).flatMap(TokenSetting::of);
    }

    /**
     * Returns the files of local keys; none if IAM signs, or the service makes the key at start-up.
     *
     * @throws UnusableFileException when the folder cannot be read
     */
    public List<Path> keyFiles(boolean iam) {
        return iam || keys.isEmpty() ? List.of() : KeyFolder.keyFiles(Path.of(keys));
    }

    /**
     * Returns the files to read at start-up: each key file alone, so that all problems are reported, then the folder.
     */
    public List<FileReading> fileReadings(boolean iam, Duration tokenValidity, Clock clock) {
        if (iam || keys.isEmpty()) {
            return iam ? List.of() : token().map(TokenSetting::fileReadings).orElse(List.of());
        }
        Path folder = Path.of(keys);
        List<FileReading> readings = new ArrayList<>();
        Supplier<KeyRing> ring = Suppliers.memoize(() -> folder(folder, clock).read());
        if (Files.isDirectory(folder)) {
            Folder.files(folder)
                    .forEach(file -> readings.add(
                            FileReading.of(KEYS, file, () -> ring.get().checkUse(file))));
        }
        readings.add(FileReading.of(KEYS, folder, watchedRing(periods(tokenValidity), clock)::read));
        return readings;
    }

    /**
     * Reads the keys, and returns the algorithms with a key that signs now. Those of a token are known only once it is open.
     *
     * @throws UnusableFileException if the keys cannot be read
     */
    public List<String> algorithms(boolean iam, Duration tokenValidity, Clock clock) {
        if (iam || makesKeyAtStart(false)) {
            return List.of(algorithm);
        }
        if (usesToken()) {
            return SigningKey.ALGORITHMS;
        }
        KeyPeriods periods = periods(tokenValidity);
        RingView ring = folder(Path.of(keys), clock).read().at(clock.instant(), periods);
        return ring.algorithms().stream()
                .filter(kind -> ring.active(kind).isPresent())
                .toList();
    }

    /**
     * Creates the signer, and logs which one it is.
     *
     * @param iamSigner creates the IAM signer; not called for a local one
     * @throws SigningKeyException if the keys cannot be used
     */
    public TokenSigner build(boolean iam, SignerParts parts, Supplier<TokenSigner> iamSigner) {
        TokenSigner chosen = iam ? iamSigner.get() : localSigner(parts);
        LOG.info(
                "signing with {} by {} (SIGNER={})",
                chosen.algorithm(),
                iam
                        ? "the IAM Credentials API: no key in this process"
                        : usesToken() ? "a key in a PKCS#11 token" : "a local key",
                signer);
        return chosen;
    }

    private TokenSigner localSigner(SignerParts in) {
        KeyPeriods periods = periods(in.tokenValidity());
        Optional<TokenSetting> token = token();
        if (token.isPresent()) {
            return token.get().build(algorithm, periods, in);
        }
        if (keys.isEmpty()) {
            return LocalSigner.ofNewKey(algorithm, periods, in);
        }
        WatchedRing ring = watchedRing(periods, in.clock());
        try {
            Watched<KeyRing> watched = in.files()
                    .watchFolder(
                            WatchedRing.NAME,
                            Path.of(keys),
                            Stream.ofNullable(keysPasswordFile).map(Path::of).toList(),
                            ring::read);
            return LocalSigner.of(algorithm, in.keys(watched, periods));
        } catch (UnusableFileException e) {
            throw new SigningKeyException(e);
        }
    }

    private WatchedRing watchedRing(KeyPeriods periods, Clock clock) {
        return new WatchedRing(folder(Path.of(keys), clock), algorithm, periods, clock);
    }

    private KeyFolder folder(Path folder, Clock clock) {
        return new KeyFolder(folder, keyFiles(), clock);
    }

    /** Returns a reader of key files with the password of these settings. */
    KeyFiles keyFiles() {
        return new KeyFiles(() -> password().reader());
    }

    /** Returns the password of encrypted key files. */
    KeyPassword password() {
        return keysPasswordFile == null ? KeyPassword.of(keysPassword) : KeyPassword.read(Path.of(keysPasswordFile));
    }

    /** Returns the periods from which the states of keys follow. */
    KeyPeriods periods(Duration tokenValidity) {
        return new KeyPeriods(
                tokenValidity,
                Durations.parse(keyCacheTime).orElseThrow(),
                Durations.parse(keyPublishLead).orElseThrow());
    }
}
