from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from certificates import keys
from certificates.models import SigningKey


class Command(BaseCommand):
    help = (
        "The keys that seal e-licences. Workers are told of the private key by LICENCE_KEY_FILE (PEM: key, its "
        "certificate, the chain); the portal registers the certificate only. Exit status 1 when nothing was done."
    )

    def add_arguments(self, parser):
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="make a development key; files sealed with it say 样本")
        create.add_argument("--development", action="store_true", required=True, help="a real key comes from a CA")
        create.add_argument("file", help="where key and certificate are written (0600); registered again if there")
        register = actions.add_parser("register", help="register a certificate of the city's CA, so that its key signs")
        register.add_argument("certificate", help="PEM file")
        retire = actions.add_parser("retire", help="the key signs nothing new; what it has sealed stays good")
        retire.add_argument("key_id")
        compromised = actions.add_parser("compromised", help="what the key seals from now on is no good")
        compromised.add_argument("key_id")
        actions.add_parser("list", help="all keys and how they stand")

    def handle(self, *, action, **options):
        try:
            for key in getattr(self, f"_{action}")(options):
                self.stdout.write(_line(key))
        except (keys.KeyProblem, OSError) as problem:
            raise CommandError(str(problem)) from None

    def _create(self, options):
        return [keys.make_development_key(options["file"])]

    def _register(self, options):
        return [keys.register(Path(options["certificate"]).read_bytes())]

    def _retire(self, options):
        return [keys.retire(options["key_id"])]

    def _compromised(self, options):
        return [keys.compromise(options["key_id"])]

    def _list(self, options):
        return SigningKey.objects.all()


def _line(key):
    ends = [("compromised", key.compromised_at), ("retired", key.retired_at)]
    standing = next((f"{word} {at:%Y-%m-%d %H:%M}" for word, at in ends if at), "in use")
    kind = "development" if key.development else "real"
    return f"{key.key_id}  {key.algorithm}  {kind}  {key.not_before:%Y-%m-%d} to {key.not_after:%Y-%m-%d}  {standing}"
