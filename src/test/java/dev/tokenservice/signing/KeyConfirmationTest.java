package dev.tokenservice.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.testing.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rotations that wait for relying parties to which somebody uploads the keys, and go on once these are confirmed. */
class KeyConfirmationTest {

    private static final Duration MONTH = Duration.ofDays(30);
    private static final PolicyParties POLICY = new PolicyParties(
            List.of("google", "vault", "billing"), UploadedParties.of(Map.of("google", "ES256", "vault", "ES256")));

    @TempDir
    Path parent;

    private Path folder = Path.of("");
    private int rings;

    private final TestClock clock = new TestClock();
    private final List<String> lines = new ArrayList<>();
    private Optional<PolicyParties> policy = Optional.of(POLICY);
    private String first = "";
    private String second = "";

    @BeforeEach
    void ring() throws IOException {
        folder = Files.createDirectory(parent.resolve("ring-" + ++rings));
        commands().generate("ES256");
        first = active();
        second = id(KeyState.PUBLISHED);
    }

    private KeySettings settings() {
        return new KeySettings(new SigningFactory(), Duration.ofMinutes(5), List.of(), () -> policy);
    }

    private KeyStock stock(FileOperations operations) {
        return new KeyStock(folder, settings(), operations, clock);
    }

    private KeyCommands commands() throws IOException {
        return commands(DiskOperations.ofPrivateFiles());
    }

    private KeyCommands commands(FileOperations operations) throws IOException {
        KeyStock stock = stock(operations);
        stock.deleteUnfinished();
        return new KeyCommands(stock, settings(), lines::add);
    }

    private List<String> rotate() throws IOException {
        lines.clear();
        commands().rotate(new KeyCommands.Rotation(Optional.of(MONTH), MONTH, id -> true));
        return List.copyOf(lines);
    }

    private RingView view() {
        return stock(DiskOperations.ofPrivateFiles()).view();
    }

    private String active() {
        return view().active("ES256").orElseThrow().id();
    }

    private String id(KeyState state) {
        return view().in(state).findFirst().orElseThrow().id();
    }

    private KeyMetadata metadata(String kid) {
        return stock(DiskOperations.ofPrivateFiles()).key(kid).metadata().orElseThrow();
    }

    @Test
    void rotate_dueAndNotConfirmed_saysWhatItWaitsForAndHowToGoOn() throws IOException {
        clock.ahead(MONTH);

        assertThat(rotate())
                .containsExactly(
                        second + " waits for the relying party google: upload the output of 'keys jwks " + folder
                                + "' there, and run 'keys confirm " + folder + " " + second
                                + " --relying-party google' and 'keys rotate'",
                        second + " waits for the relying party vault: upload the output of 'keys jwks " + folder
                                + "' there, and run 'keys confirm " + folder + " " + second
                                + " --relying-party vault' and 'keys rotate'");
        assertThat(active()).isEqualTo(first);

        commands().confirm(second, "google");
        assertThat(rotate()).singleElement().asString().contains("waits for the relying party vault");
        assertThat(active()).isEqualTo(first);

        commands().confirm(second, "vault");
        assertThat(rotate()).anyMatch(line -> line.startsWith(second + " signs from"));
        assertThat(active()).isEqualTo(second);
        assertThat(metadata(first).retires()).isEqualTo(metadata(second).activates());
        assertThat(metadata(second).confirmed()).containsOnlyKeys("google", "vault");
    }

    @Test
    void newKey_isToldWithWhereToUploadIt() throws IOException {
        assertThat(lines)
                .filteredOn(line -> line.startsWith("The relying party google needs the key: upload"))
                .hasSize(2)
                .anyMatch(line -> line.contains("keys confirm " + folder + " " + first + " --relying-party google"));
    }

    @Test
    void rotate_withoutAPolicy_holdsToEarlierConfirmations() throws IOException {
        commands().confirm(first, "google");
        policy = Optional.empty();
        clock.ahead(MONTH);

        assertThat(rotate())
                .anyMatch(line -> line.startsWith(second + " waits for the relying party google"))
                .noneMatch(line -> line.contains("vault"))
                .anyMatch(line -> line.startsWith("This command has no policy") && line.endsWith("set POLICY."));
        assertThat(active()).isEqualTo(first);

        policy = Optional.of(new PolicyParties(List.of("google"), UploadedParties.NONE));
        rotate();
        assertThat(active()).isEqualTo(second);
    }

    @Test
    void rotate_activationByTheClock_isHeldAndNotNoted() throws IOException {
        KeyStock stock = stock(DiskOperations.ofPrivateFiles());
        Instant activates = clock.instant().plus(MONTH);
        stock.describe(stock.key(second), metadata(second).activating(activates));
        clock.ahead(MONTH.multipliedBy(2));

        assertThat(rotate()).anyMatch(line -> line.startsWith(second + " waits for the relying party google"));
        assertThat(active()).isEqualTo(first);
        assertThat(metadata(first).retires()).isEmpty();

        commands().confirm(second, "google");
        commands().confirm(second, "vault");
        assertThat(active()).isEqualTo(second);
        rotate();
        assertThat(metadata(first).retires())
                .hasValueSatisfying(end -> assertThat(end).isAfter(activates.plus(Duration.ofDays(1))));
        assertThat(id(KeyState.RETIRING)).isEqualTo(first);
    }

    @Test
    void confirm_isSafeToRepeat_andKeepsTheFirstTime() throws IOException {
        commands().confirm(second, "google");
        Instant time = metadata(second).confirmed().get("google");
        clock.ahead(MONTH);
        lines.clear();
        commands().confirm(second, "google");

        assertThat(lines).containsExactly("google holds " + second + ", as was confirmed at " + time);
        assertThat(metadata(second).confirmed()).containsEntry("google", time);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("key-000002.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void confirm_ofWhatCannotBe_isRefused() throws IOException {
        assertRefused("unknown", "google", "holds no key unknown");
        assertRefused(second, "gogle", "there is no relying party gogle in the policy", "google");
        assertRefused(second, "a b", "1 to 63 letters");
        commands().revoke(second, false);
        assertRefused(second, "google", "is revoked");

        String third = id(KeyState.PUBLISHED);
        commands().confirm(third, "google");
        commands().confirm(third, "vault");
        clock.ahead(MONTH);
        rotate();
        assertThat(active()).isEqualTo(third);
        clock.ahead(MONTH.plusDays(2));
        assertRefused(first, "google", "has retired");

        policy = Optional.empty();
        commands().confirm(third, "anything");
        assertThat(metadata(third).confirmed()).containsKey("anything");
    }

    private void assertRefused(String kid, String relyingParty, String... problem) {
        assertThatThrownBy(() -> commands().confirm(kid, relyingParty))
                .isInstanceOf(KeysException.class)
                .hasMessageContainingAll(problem);
    }

    @Test
    void confirm_forARelyingPartyThatFetchesTheKeys_saysThatNothingWaits() throws IOException {
        commands().confirm(second, "billing");

        assertThat(lines).anyMatch(line -> line.startsWith("Nothing waits for this"));
    }

    @Test
    void revoke_ofTheKeyThatSigns_isNotHeld_andSaysWhatToUpload() throws IOException {
        lines.clear();
        commands().revoke(first, false);

        String third = active();
        assertThat(third).isNotIn(first, second);
        assertThat(lines)
                .anyMatch(line -> line.startsWith("The relying party google needs the key: upload")
                        && line.contains(third + " --relying-party google"))
                .anyMatch(line -> line.startsWith("The relying party vault accepts tokens of " + first + " until"));

        clock.ahead(MONTH);
        assertThat(rotate()).anyMatch(line -> line.contains(" waits for the relying party google"));
        assertThat(active()).isEqualTo(third);
    }

    @Test
    void revoke_withATrustedSuccessor_isNotHeld() throws IOException {
        clock.ahead(Duration.ofHours(1));
        commands().revoke(first, true);

        assertThat(active()).isEqualTo(second);
        rotate();
        assertThat(metadata(first).retires()).isPresent();
    }

    /** The mark is new, and the key signs for an hour: it waits, but the one before it will not sign for ever. */
    @Test
    void revoke_ofAKeyThatWaitsForATime_makesAnother() throws IOException {
        policy = Optional.empty();
        clock.ahead(MONTH);
        rotate();
        policy = Optional.of(POLICY);
        clock.ahead(MONTH.plusHours(1));
        assertThat(active()).isEqualTo(first);

        commands().revoke(second, false);

        assertThat(active()).isEqualTo(first);
        clock.ahead(MONTH.plusHours(13));
        assertThat(active()).isNotIn(first, second);
    }

    private interface Step {
        void run(KeyCommands commands) throws IOException;
    }

    /** Before and after each change of a file: one key signs, and never the one that is not confirmed. */
    private void interruptEverywhere(Step step) throws IOException {
        for (boolean before : new boolean[] {true, false}) {
            boolean interrupted = true;
            for (int number = 1; interrupted; number++) {
                try {
                    step.run(commands(InterruptedOperations.at(number, before)));
                    interrupted = false;
                } catch (InterruptedOperations.Interruption e) {
                    assertThat(stock(DiskOperations.ofPrivateFiles()).ring().problems())
                            .isEmpty();
                    assertThat(active()).isEqualTo(first);
                }
            }
        }
    }

    @Test
    void confirm_interruptedAtAnyStep_isWholeOrNotThere() throws IOException {
        clock.ahead(MONTH);
        interruptEverywhere(commands -> {
            for (String name : List.of("google", "vault")) {
                commands.confirm(second, name);
                assertThat(metadata(second).confirmed()).containsKey(name);
            }
        });
        assertThat(active()).isEqualTo(first);
        rotate();
        assertThat(active()).isEqualTo(second);
    }

    /** Each time in a new folder: what is revoked stays, and is read again by every command. */
    @Test
    void revoke_interruptedAtAnyStep_endsWithOneKeyThatSigns() throws IOException {
        int steps = 0;
        for (boolean before : new boolean[] {true, false}) {
            boolean interrupted = true;
            for (int number = 1; interrupted; number++) {
                ring();
                interrupted = interruptRevocation(InterruptedOperations.at(number, before));
                steps += interrupted ? 1 : 0;
                commands().revoke(first, false);
                assertThat(view().in(KeyState.ACTIVE)).hasSize(1);
                assertThat(active()).isNotEqualTo(first);
                assertThat(view().in(KeyState.PUBLISHED)).hasSize(1);
            }
        }
        assertThat(steps).isGreaterThan(16);
    }

    private boolean interruptRevocation(FileOperations operations) throws IOException {
        try {
            commands(operations).revoke(first, false);
            return false;
        } catch (InterruptedOperations.Interruption e) {
            assertThat(view().in(KeyState.ACTIVE)).hasSize(1);
            return true;
        }
    }
}
