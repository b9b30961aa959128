/** The thread backups are made in: copying, hashing and encrypting a year of rows takes a minute that no door has to wait for. */
import '../thread-only.ts'
import { encrypt } from '../export/age.ts'
import { type BackupWish, makeBackup } from '../record/backup.ts'
import { needRecipient } from '../record/backup-recipient.ts'
import { serve } from './thread-side.ts'

serve(
  {
    make: (wish: BackupWish) => {
      const recipient = needRecipient(wish.folder.dir)
      return makeBackup(wish, plain => encrypt(plain, [recipient]))
    },
  },
  () => undefined,
)
