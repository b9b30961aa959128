export const HELP = {
  en: `vigie: access control and monitoring for hospitals and practices

  vigie device add <id> --model <model> [--name <name>] [--out <folder>]
                        register a device; writes <id>.key.pem, <id>.cert.pem, ca.cert.pem
  vigie device add --declared [--out <folder>]
                        the same for every device of the site file that has no certificate
  vigie device add <id> --model <model> --again
                        the same for a device that was revoked
  vigie device list     all devices
  vigie device show <id>
  vigie device renew <id> [--out <folder>]
                        next certificate; the present one stays good until it expires
  vigie device revoke <id> [--reason <reason>]
                        its connections are cut, its certificates refused
  vigie device code <id>
                        one-time code for enrolment over the network (EST)
  vigie plan <site.json>
                        what the file would change
  vigie apply <site.json> [--withdraw]
                        changes it; the same file again changes nothing; revokes devices that
                        the file leaves out only with --withdraw
  vigie journal tail [--lines 20] [--follow]
  vigie journal verify  checks the whole chain; names the first bad row
  vigie help

Every command takes --json. VIGIE_DATA_DIR names the data folder (default ./data).
`,
  fr: `vigie\u202f: contrôle d’accès et surveillance pour hôpitaux et cabinets

  vigie device add <id> --model <modèle> [--name <nom>] [--out <dossier>]
                        enregistre un appareil\u202f; écrit <id>.key.pem, <id>.cert.pem, ca.cert.pem
  vigie device add --declared [--out <dossier>]
                        de même pour chaque appareil du fichier de site sans certificat
  vigie device add <id> --model <modèle> --again
                        de même pour un appareil qui a été révoqué
  vigie device list     tous les appareils
  vigie device show <id>
  vigie device renew <id> [--out <dossier>]
                        certificat suivant\u202f; l’actuel reste valable jusqu’à son échéance
  vigie device revoke <id> [--reason <motif>]
                        ses connexions sont coupées, ses certificats refusés
  vigie device code <id>
                        code à usage unique pour l’enrôlement par le réseau (EST)
  vigie plan <site.json>
                        montre ce que le fichier changerait
  vigie apply <site.json> [--withdraw]
                        l’applique\u202f; le même fichier une seconde fois ne change rien\u202f;
                        ne révoque qu’avec --withdraw les appareils que le fichier ne nomme plus
  vigie journal tail [--lines 20] [--follow]
  vigie journal verify  vérifie toute la chaîne\u202f; indique la première ligne altérée
  vigie help

Chaque commande accepte --json. VIGIE_DATA_DIR désigne le dossier de données (./data par défaut).
`,
} as const
